import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureInstalled } from '../components/install/cache.ts';
import { projectVersion } from '../src/project-version.ts';
import type { ImageRecipe } from './image-recipe.ts';
import { writeOciArchive, type WrittenImage } from './oci-archive.ts';

/** Where images go and what their references begin with. */
export type BuildOptions = {
  readonly out: string;
  /** `HOST[:PORT]` of the registry that they are meant for; `localhost` for a cluster into which they are loaded. */
  readonly registry: string;
  readonly report: (line: string) => void;
  readonly onImage: (image: WrittenImage, seconds: number) => void;
};

/**
 * Builds images into OCI archives `OUT/NAME.tar`, and `OUT/images.json`, which says by what digest a version's images are
 * named. The same checkout on the same system gives the same bytes.
 */
export async function buildImages(wanted: readonly ImageRecipe[], options: BuildOptions): Promise<WrittenImage[]> {
  const version = await projectVersion();
  const written: WrittenImage[] = [];
  for (const recipe of wanted) {
    const startMs = performance.now();
    for (const program of recipe.needs) await ensureInstalled(program, options.report);
    const work = path.join(options.out, `.${recipe.name}`);
    try {
      const image = await recipe.build(work);
      const reference = `${options.registry}/driftbox/${recipe.name}:${version}`;
      const one = await writeOciArchive({ ...image, reference }, path.join(options.out, `${recipe.name}.tar`));
      options.onImage(one, (performance.now() - startMs) / 1000);
      written.push(one);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  await recordDigests(path.join(options.out, 'images.json'), version, wanted, written);
  return written;
}

async function recordDigests(
  file: string,
  version: string,
  recipes: readonly ImageRecipe[],
  written: readonly WrittenImage[],
): Promise<void> {
  const before = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, Record<string, string>>,
    () => ({}),
  );
  const digests = Object.fromEntries(recipes.map(({ name }, index) => [name, written[index]!.digest]));
  const all = { ...before, [version]: { ...Object(before)[version], ...digests } };
  await writeFile(file, `${JSON.stringify(all, undefined, 2)}\n`);
}
