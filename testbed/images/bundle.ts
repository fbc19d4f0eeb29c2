import { cp, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectVersion } from '../src/project-version.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { valuesFileName } from './build-images.ts';
import { installedImages } from './catalogue.ts';
import type { Digests } from './image-recipe.ts';
import { pack } from './oci-archive.ts';

const chart = 'driftbox-operator';

const pushing = (name: string, version: string, registry: string): string =>
  `   skopeo copy --preserve-digests oci-archive:images/${name}.tar docker://${registry}/driftbox/${name}:${version}`;

/** How a node without a registry comes to an image: pods name it by its digest. */
const loading = (registry: string): string => `   for name in $(ls images | sed 's/\\.tar$//'); do
     ctr --namespace k8s.io images import --digests --base-name ${registry}/driftbox/$name images/$name.tar
   done`;

const readme = (
  names: readonly string[],
  version: string,
  registry: string,
): string => `# DriftBox ${version}, for a cluster without a way out

1. Push the images, unchanged, to the registry that ${valuesFileName} names (imageRegistry), with any tool that keeps digests:
${names.map((name) => pushing(name, version, registry)).join('\n')}
   Or, where there is no registry, load them into containerd on every node:
${loading(registry)}
2. helm install ${chart} charts/${chart} --namespace driftbox-system --create-namespace --values ${valuesFileName}
3. kubectl apply -f samples/trial.yaml, or your own.

Nothing else is fetched: charts and digests of all that the operator installs are in its image. Cells of the version before go on with
the images that they have; where a node has lost them they are in the bundle of that version.
`;

/**
 * Makes one file of all that an installation without a network takes, from what `buildImages` has left in `out`: images, the operator's
 * chart with its values, samples, and how to go on. Throws, naming it, where an image of this version is missing.
 */
export async function writeBundle(out: string, file: string): Promise<{ readonly sizeBytes: number }> {
  const version = await projectVersion();
  const names = ['operator', ...installedImages];
  const versions = JSON.parse(await readFile(path.join(out, 'images.json'), 'utf8')) as Readonly<Record<string, Digests>>;
  const missing = names.filter((name) => versions[version]?.[name] === undefined);
  if (missing.length > 0) throw new Error(`a bundle has every image of ${version}: build ${missing.join(', ')} first`);
  // Beside the archives, so that they need not be copied.
  const folder = path.join(out, '.bundle');
  const at = (name: string): string => path.join(folder, `driftbox-${version}`, name);
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(at('images'), { recursive: true });
    for (const name of names) await link(path.join(out, `${name}.tar`), at(`images/${name}.tar`));
    for (const name of ['images.json', valuesFileName]) await cp(path.join(out, name), at(name));
    await cp(path.join(projectFolder, 'charts', chart), at(`charts/${chart}`), { recursive: true, dereference: true });
    await cp(path.join(projectFolder, 'crds/samples'), at('samples'), { recursive: true });
    const { imageRegistry } = JSON.parse(await readFile(path.join(out, valuesFileName), 'utf8')) as { readonly imageRegistry: string };
    await writeFile(at('README.md'), readme(names, version, imageRegistry));
    await pack(folder, `${file}.new`);
    await rename(`${file}.new`, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { sizeBytes: (await stat(file)).size };
}
