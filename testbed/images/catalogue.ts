import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareVersions, readCatalogue } from '@driftbox/operator';
import { projectFolder } from '../src/standalone-process.ts';
import type { Digests } from './image-recipe.ts';

/** Images that pods of cells and pools run. */
export const installedImages = ['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'] as const;
/** Charts that the operator installs; its own is installed by people. */
const charts = ['driftbox-cell', 'driftbox-backends'] as const;

/**
 * Writes what comes with the operator: `images.json`, and the charts in a folder of the version's name, with files in place of the links
 * of the checkout. Of `previous`, which is such a folder of the release before, its newest version comes along: cells stay on it until they
 * are upgraded. Throws, naming it, when an image has not been built, or `previous` has no version before this one.
 */
export async function putCatalogue(folder: string, version: string, built: Digests, previous?: string): Promise<void> {
  const missing = installedImages.filter((name) => built[name] === undefined);
  if (missing.length > 0) throw new Error(`the operator's image names others by their digests: build ${missing.join(', ')} first`);
  const digests = Object.fromEntries(installedImages.map((name) => [name, built[name]]));
  const before = previous === undefined ? undefined : await versionBefore(version, previous);
  const versions = { ...(before === undefined ? {} : { [before.version]: before.images }), [version]: digests };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'images.json'), `${JSON.stringify(versions, undefined, 2)}\n`);
  const put = (from: string, of: string, chart: string): Promise<void> =>
    cp(from, path.join(folder, of, chart), { recursive: true, dereference: true });
  for (const chart of charts) {
    await put(path.join(projectFolder, 'charts', chart), version, chart);
    if (before !== undefined) await put(before.charts[chart].folder, before.version, chart);
  }
}

async function versionBefore(version: string, previous: string) {
  const known = await readCatalogue(previous);
  const before = known.findLast((one) => compareVersions(one.version, version) < 0);
  if (before === undefined) throw new Error(`${previous} has ${known.map((one) => one.version).join(', ')}, and nothing before ${version}`);
  return before;
}
