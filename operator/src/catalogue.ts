import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chartDigest } from './helm/index.ts';

/** A chart that came with the operator. */
export type CatalogueChart = { readonly folder: string; readonly digest: string };

/** What came with the operator of one version of DriftBox. */
export type CatalogueVersion = {
  readonly version: string;
  /** Digests of images by their name, `services`, `nginx`, `postgres` and so on. */
  readonly images: Readonly<Record<string, string>>;
  readonly charts: Readonly<Record<'driftbox-cell' | 'driftbox-backends', CatalogueChart>>;
};

/** Every version that this operator can bring about, the newest last. */
export type Catalogue = readonly CatalogueVersion[];

const form = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads the folder that came with the operator: `images.json` (version to image to digest), and a folder of charts for each version.
 * Throws where something is missing: without it nothing can be brought about.
 */
export async function readCatalogue(folder: string): Promise<Catalogue> {
  const file = path.join(folder, 'images.json');
  const versions = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const read = Object.entries(versions).map(async ([version, images]): Promise<CatalogueVersion> => {
    const wrong = Object.entries(images).find(([, digest]) => !form.test(digest));
    if (wrong !== undefined) throw new Error(`${file}: ${wrong.join(' is ')} in ${version}, which is no digest`);
    const chart = async (name: string): Promise<CatalogueChart> => {
      const at = path.join(folder, version, name);
      return { folder: at, digest: await chartDigest(at) };
    };
    return {
      version,
      images,
      charts: { 'driftbox-cell': await chart('driftbox-cell'), 'driftbox-backends': await chart('driftbox-backends') },
    };
  });
  return (await Promise.all(read)).toSorted((a, b) => compareVersions(a.version, b.version));
}

/** Less than 0 where `a` is before `b` (semver, pre-releases by their text). */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => /^(\d+)\.(\d+)\.(\d+)(?:-(.*))?$/.exec(text)?.slice(1) ?? []);
  for (const index of [0, 1, 2]) {
    const difference = Number(left?.[index] ?? 0) - Number(right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  const [early, late] = [left?.[3], right?.[3]];
  if (early === late) return 0;
  // A version that is out comes after those that led to it.
  if (early === undefined || late === undefined) return early === undefined ? 1 : -1;
  return early < late ? -1 : 1;
}
