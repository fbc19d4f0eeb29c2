import type { KubeObject } from '../runtime/api/object.ts';
import { keyOf, type ObjectKey } from '../runtime/api/object-key.ts';
import type { Change } from '../runtime/cache/change.ts';

/** Follows the changes that a cache tells of, and notes each that does not follow from those before it. */
export class CacheWitness<T extends KubeObject> {
  readonly state = new Map<ObjectKey, T>();
  readonly breaches: string[] = [];

  readonly take = (change: Change<T>): void => {
    const key = keyOf(change.object.metadata);
    const known = this.state.get(key);
    const { uid, resourceVersion } = change.object.metadata;
    const breach = (why: string): void => void this.breaches.push(`${change.type} ${key} ${uid}@${resourceVersion}: ${why}`);
    if (change.type === 'added' && known !== undefined) breach('it was there already');
    if (change.type !== 'added' && known === undefined) breach('it was not there');
    if (change.type !== 'added' && known !== undefined && known.metadata.uid !== uid) breach('it is another one');
    if (change.type === 'changed' && change.previous !== known) breach('it was not so before');
    if (change.type === 'deleted') this.state.delete(key);
    else this.state.set(key, change.object);
  };
}
