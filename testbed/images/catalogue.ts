import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareVersions, readCatalogue } from '@driftbox/operator';
import { projectFolder } from '../src/standalone-process.ts';
import type { Digests } from './image-recipe.ts';

/** Images that pods of cells and pools run. */
export const installedImages = ['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'] as const;
/** Charts that the operator installs; its own is installed by people. */
const charts = ['driftbox-cell', 'driftbox-backends'] as const;

/** The release before this version, which `npm run release` has left: images.json, and a folder of charts. */
export const releasedFolder = path.join(projectFolder, 'charts/released');

/** Whence the version comes that an operator has beside its own. */
export type Before = {
  /** As `putCatalogue` has written it; its newest version before this one is taken. */
  readonly folder: string;
  /** Digests by version that go before those in the folder: another system gives images others than this one. */
  readonly built?: Readonly<Record<string, Digests>>;
};

/**
 * Writes what comes with the operator: `images.json`, and the charts in a folder of the version's name, with files in place of the links
 * of the checkout. The version before comes along: cells stay on it until they are upgraded. Throws, naming it, when an image has not been
 * built, or nothing in `before` is before this version.
 */
export async function putCatalogue(folder: string, version: string, built: Digests, before?: Before): Promise<void> {
  const missing = installedImages.filter((name) => built[name] === undefined);
  if (missing.length > 0) throw new Error(`the operator's image names others by their digests: build ${missing.join(', ')} first`);
  const digests = Object.fromEntries(installedImages.map((name) => [name, built[name]]));
  const known = before === undefined ? undefined : await versionBefore(version, before);
  const versions = { ...(known === undefined ? {} : { [known.version]: known.images }), [version]: digests };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'images.json'), `${JSON.stringify(versions, undefined, 2)}\n`);
  for (const chart of charts) {
    await putChart(path.join(projectFolder, 'charts', chart), path.join(folder, version, chart));
    if (known !== undefined) await putChart(known.charts[chart].folder, path.join(folder, known.version, chart));
  }
}

/** Copies a chart, with files in place of the links of the checkout. */
export async function putChart(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, dereference: true });
}

async function versionBefore(version: string, { folder, built = {} }: Before) {
  const known = await readCatalogue(folder);
  const before = known.findLast((one) => compareVersions(one.version, version) < 0);
  if (before === undefined) throw new Error(`${folder} has ${known.map((one) => one.version).join(', ')}, and nothing before ${version}`);
  const images = Object.entries(before.images).map(([name, digest]) => [name, built[before.version]?.[name] ?? digest]);
  return { ...before, images: Object.fromEntries(images) as Digests };
}
