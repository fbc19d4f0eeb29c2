import { cp, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectVersion } from '../src/project-version.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { valuesFileName } from './build-images.ts';
import { bundleGuide } from './bundle-guide.ts';
import { installedImages, putChart } from './catalogue.ts';
import type { Digests } from './image-recipe.ts';
import { architecture, pack, readFromTopLayer, readOciArchive } from './oci-archive.ts';
import { operatorCatalogue } from './recipes/operator.ts';

const chart = 'driftbox-operator';

/**
 * Makes one file of all that an installation without a network takes, from what `buildImages` has left in `out`: images, the operator's
 * chart with its values, samples, and how to go on. Throws, naming it, where an image of this version is missing, or is another one than
 * others call it by.
 */
export async function writeBundle(out: string, file: string): Promise<{ readonly sizeBytes: number }> {
  const version = await projectVersion();
  const names = ['operator', ...installedImages];
  const versions = JSON.parse(await readFile(path.join(out, 'images.json'), 'utf8')) as Readonly<Record<string, Digests>>;
  const digests = versions[version] ?? {};
  const missing = names.filter((name) => digests[name] === undefined);
  if (missing.length > 0) throw new Error(`a bundle has every image of ${version}: build ${missing.join(', ')} first`);
  const references = await checkArchives(out, names, version, digests);
  // Beside the archives, so that they need not be copied.
  const folder = path.join(out, '.bundle');
  const at = (name: string): string => path.join(folder, `driftbox-${version}`, name);
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(at('images'), { recursive: true });
    for (const name of names) await link(path.join(out, `${name}.tar`), at(`images/${name}.tar`));
    await cp(path.join(out, valuesFileName), at(valuesFileName));
    await putChart(path.join(projectFolder, 'charts', chart), at(`charts/${chart}`));
    await cp(path.join(projectFolder, 'crds/samples'), at('samples'), { recursive: true });
    const { imageRegistry } = JSON.parse(await readFile(path.join(out, valuesFileName), 'utf8')) as { readonly imageRegistry: string };
    const guide = bundleGuide({ version, architecture, registry: imageRegistry, references, digests });
    for (const [name, text] of Object.entries(guide)) await writeFile(at(name), text);
    await pack(folder, `${file}.new`);
    await rename(`${file}.new`, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { sizeBytes: (await stat(file)).size };
}

/**
 * What each archive calls its image. An image that was built again, alone, is not the one that the operator's image, built before, asks
 * for: pods would wait for it for ever.
 */
async function checkArchives(out: string, names: readonly string[], version: string, digests: Digests): Promise<Record<string, string>> {
  const archive = (name: string): string => path.join(out, `${name}.tar`);
  const catalogue = await readFromTopLayer(archive('operator'), `${operatorCatalogue}/images.json`);
  const asked: Digests = (JSON.parse(catalogue) as Readonly<Record<string, Digests>>)[version] ?? {};
  const references: Record<string, string> = {};
  for (const name of names) {
    const { reference, digest } = await readOciArchive(archive(name));
    if (digest !== digests[name]) throw new Error(`${archive(name)} is not the image that images.json names: build ${name} again`);
    if (name !== 'operator' && asked[name] !== digest)
      throw new Error(`the operator's image asks for another ${name}: build operator again`);
    references[name] = reference;
  }
  return references;
}
