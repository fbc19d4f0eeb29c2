import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureInstalled } from '../components/install/cache.ts';
import { projectVersion } from '../src/project-version.ts';
import { releasedFolder, type Before } from './catalogue.ts';
import type { Digests, ImageRecipe } from './image-recipe.ts';
import { writeOciArchive, type WrittenImage } from './oci-archive.ts';

/** Where images go and what their references begin with. */
export type BuildOptions = {
  readonly out: string;
  /** `HOST[:PORT]` of the registry that they are meant for; `localhost` for a cluster into which they are loaded. */
  readonly registry: string;
  /** The catalogue of the release before, whose version the operator is to keep; the one in this checkout, if it is not said. */
  readonly previous?: string | undefined;
  readonly report: (line: string) => void;
  readonly onImage: (image: WrittenImage, seconds: number) => void;
};

/** Values of the chart driftbox-operator with which it runs the images that were built. */
export const valuesFileName = 'operator-values.json';

/**
 * Builds images into OCI archives `OUT/NAME.tar`, and `OUT/images.json`, which says by what digest a version's images are
 * named. The same checkout on the same system gives the same bytes.
 */
export async function buildImages(wanted: readonly ImageRecipe[], options: BuildOptions): Promise<WrittenImage[]> {
  const version = await projectVersion();
  const file = path.join(options.out, 'images.json');
  const versions = await readVersions(file);
  const digests: Record<string, string> = { ...versions[version] };
  const before: Before = options.previous === undefined ? { folder: releasedFolder, built: versions } : { folder: options.previous };
  const written: WrittenImage[] = [];
  for (const recipe of wanted) {
    const startMs = performance.now();
    for (const program of recipe.needs) await ensureInstalled(program, options.report);
    const work = path.join(options.out, `.${recipe.name}`);
    try {
      const image = await recipe.build(work, digests, before);
      const reference = `${options.registry}/driftbox/${recipe.name}:${version}`;
      const one = await writeOciArchive({ ...image, reference }, path.join(options.out, `${recipe.name}.tar`));
      options.onImage(one, (performance.now() - startMs) / 1000);
      written.push(one);
      digests[recipe.name] = one.digest;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  await writeJson(file, { ...versions, [version]: digests });
  const operator = { repository: 'driftbox/operator', digest: digests['operator'] };
  if (operator.digest !== undefined)
    await writeJson(path.join(options.out, valuesFileName), { imageRegistry: options.registry, images: { operator } });
  return written;
}

async function readVersions(file: string): Promise<Readonly<Record<string, Digests>>> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, Digests>,
    () => ({}),
  );
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
