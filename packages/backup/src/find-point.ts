import { Problem } from '@driftbox/protocol';
import type { Destination } from './destination.ts';
import { readManifests, type Manifest } from './manifest.ts';

/** A whole point by its id, or the newest. Throws `not_found`. */
export async function findPoint({ points, key }: Destination, id: string | undefined): Promise<Manifest> {
  const all = await readManifests(points, key);
  const found = id === undefined ? all.at(-1) : all.find(({ manifest }) => manifest.id === id);
  if (found === undefined) throw new Problem('not_found', id === undefined ? 'There is no backup of this tenant here' : `There is no whole backup ${id} here`);
  return found.manifest;
}
