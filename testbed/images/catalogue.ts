import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../src/standalone-process.ts';
import type { Digests } from './image-recipe.ts';

/** Images that pods of cells and pools run. */
const images = ['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'] as const;
/** Charts that the operator installs; its own is installed by people. */
const charts = ['driftbox-cell', 'driftbox-backends'] as const;

/**
 * Writes what comes with the operator: `images.json`, and the charts in a folder of the version's name, with files in place of the links
 * of the checkout. Throws, naming it, when one of the images has not been built.
 */
export async function putCatalogue(folder: string, version: string, built: Digests): Promise<void> {
  const missing = images.filter((name) => built[name] === undefined);
  if (missing.length > 0) throw new Error(`the operator's image names others by their digests: build ${missing.join(', ')} first`);
  const digests = Object.fromEntries(images.map((name) => [name, built[name]]));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'images.json'), `${JSON.stringify({ [version]: digests }, undefined, 2)}\n`);
  for (const chart of charts)
    await cp(path.join(projectFolder, 'charts', chart), path.join(folder, version, chart), { recursive: true, dereference: true });
}
