import { isPaused } from './annotations.ts';
import { differencesWhere } from './differences-where.ts';
import type { PlacedObject } from './preview-objects.ts';
import { expectOk, type Api, type ApplyOptions, type KubeObject } from './runtime/index.ts';

/** Objects that somebody changed or removed by hand; those that are paused are left as they are. */
export type Drift = { readonly changed: readonly PlacedObject[]; readonly exempt: readonly PlacedObject[] };

/** Asks the server what applying objects again would make of each, which takes two requests, and changes nothing. */
export async function findDrift(
  api: Pick<Api, 'get' | 'apply'>,
  objects: readonly PlacedObject[],
  { manager, signal }: Pick<ApplyOptions, 'manager' | 'signal'>,
): Promise<Drift> {
  const changed: PlacedObject[] = [];
  const exempt: PlacedObject[] = [];
  for (const one of objects) {
    const { kind, object } = one;
    const doing = `comparing ${nameOf(one)}`;
    const found = await api.get<KubeObject>(kind, object.metadata, { signal });
    if (found.kind === 'notFound') {
      changed.push(one);
      continue;
    }
    const live = expectOk(found, doing);
    const applied = expectOk(await api.apply(kind, object, { manager, dryRun: true, signal }), doing);
    if (differencesWhere(object, live, applied).length === 0) continue;
    (isPaused(live) ? exempt : changed).push(one);
  }
  return { changed, exempt };
}

/** An object as people are told of it: `Kind name`. */
export function nameOf({ object }: PlacedObject): string {
  return `${object.kind} ${object.metadata.name}`;
}
