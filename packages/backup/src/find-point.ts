import { Problem } from '@driftbox/protocol';
import type { Destination } from './destination.ts';
import { readManifests, type Manifest } from './manifest.ts';

/** A whole point by its id, or the newest. Throws `not_found`. */
export async function findPoint({ points, key }: Destination, id: string | undefined): Promise<Manifest> {
  const all = await readManifests(points, key, { mayGo: true });
  const found = id === undefined ? all.at(-1) : all.find(({ manifest }) => manifest.id === id);
  if (found === undefined)
    throw new Problem('not_found', `There is no ${id === undefined ? 'backup of this tenant' : `whole backup ${id}`} here`);
  return found.manifest;
}
