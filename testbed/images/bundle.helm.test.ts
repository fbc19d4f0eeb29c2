import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { commandBlocks } from '../accept/platform/trial.ts';
import { renderText } from '../charts/render-chart.ts';
import { projectVersion } from '../src/project-version.ts';
import { writeBundle } from './bundle.ts';
import { installedImages } from './catalogue.ts';
import { readFromTopLayer, readOciArchive, writeOciArchive } from './oci-archive.ts';
import { operatorCatalogue } from './recipes/operator.ts';
import { emptyRoot, put } from './root-folder.ts';

const run = promisify(execFile);

const digestsOf = (text: string): readonly string[] => Array.from(text.matchAll(/sha256:\w+/g), ([digest]) => digest);

test('a bundle has every image that its chart, and the operator in it, will ask for, under the digests by which they do', async () => {
  await using folder = await temporaryFolder();
  const [out, file] = [path.join(folder.path, 'out'), path.join(folder.path, 'bundle.tar')];
  const version = await projectVersion();
  const digests: Record<string, string> = {};
  const build = async (name: string, catalogue?: object, program = name): Promise<void> => {
    digests[name] = await small(folder.path, name, out, { program, ...(catalogue && { [`${operatorCatalogue}/images.json`]: catalogue }) });
    await say(out, { '0.0.1': {}, [version]: digests });
  };
  for (const name of [...installedImages, 'busybox']) await build(name);
  await expect(writeBundle(out, file)).rejects.toThrow(`every image of ${version}: build operator first`);
  await build('operator', { [version]: digests });
  await build('nginx', undefined, 'another');
  await expect(writeBundle(out, file)).rejects.toThrow("the operator's image asks for another nginx: build operator again");
  await build('operator', { [version]: digests });
  await say(out, { [version]: { ...digests, redis: digests['nginx'] } });
  await expect(writeBundle(out, file)).rejects.toThrow('redis.tar is not the image that images.json names: build redis again');
  await say(out, { [version]: digests });
  await writeBundle(out, file);

  const opened = path.join(folder.path, 'opened');
  await mkdir(opened);
  await run('tar', ['-xf', file, '-C', opened]);
  const at = (...names: string[]): string => path.join(opened, `driftbox-${version}`, ...names);
  const brought = await Promise.all((await readdir(at('images'))).map(async (name) => readOciArchive(at('images', name))));
  const values = JSON.parse(await readFile(at('operator-values.json'), 'utf8')) as object;
  const text = await renderText({ chart: 'driftbox-operator', folder: at('charts/driftbox-operator'), values });
  const asked = Array.from(text.matchAll(/image: (\S+@sha256:\w+)/g), ([, image]) => image);
  expect(new Set(asked)).toEqual(new Set([`registry.example.com/driftbox/operator@${digests['operator']}`]));
  const catalogue = await readFromTopLayer(at('images/operator.tar'), `${operatorCatalogue}/images.json`);
  const wanted = [digests['operator'], ...installedImages.map((name) => digests[name])];
  expect(digestsOf(catalogue)).toEqual(expect.arrayContaining(wanted.slice(1)));
  expect(brought.map(({ digest }) => digest).toSorted()).toEqual(wanted.toSorted());
  expect(await readdir(at('samples'))).toContain('trial.yaml');

  const [loaded, pushed] = [await calls(at('load-images.sh')), await calls(at('push-images.sh'), 'registry.example.com:5000/mirror')];
  const names = ['operator', ...installedImages];
  expect(loaded).toEqual(
    names.flatMap((name) => [
      `ctr --namespace k8s.io images import images/${name}.tar`,
      `ctr --namespace k8s.io images tag --force localhost/driftbox/${name}:1 registry.example.com/driftbox/${name}@${digests[name]}`,
    ]),
  );
  const copy = 'skopeo copy --preserve-digests';
  const to = 'docker://registry.example.com:5000/mirror/driftbox';
  expect(pushed).toEqual(names.map((name) => `${copy} oci-archive:images/${name}.tar ${to}/${name}:${version}`));
  await expect(calls(at('push-images.sh'))).rejects.toThrow('say which registry');
  const guide = commandBlocks(await readFile(at('README.md'), 'utf8')).flat();
  expect(guide).toContain('sh load-images.sh');
  expect(guide).toContain('kubectl apply -f samples/trial.yaml');
});

async function say(out: string, images: object): Promise<void> {
  await writeFile(path.join(out, 'images.json'), JSON.stringify(images));
  const [{ operator }] = Object.values(images).slice(-1) as [Record<string, string>];
  const values = { imageRegistry: 'registry.example.com', images: { operator: { repository: 'driftbox/operator', digest: operator } } };
  await writeFile(path.join(out, 'operator-values.json'), JSON.stringify(values));
}

/** Builds an image of a few files, by their names; answers its digest. */
async function small(folder: string, name: string, out: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  const root = await emptyRoot(path.join(folder, 'roots', name));
  for (const [file, content] of Object.entries(files)) await put(root, file, JSON.stringify(content), 0o755);
  const image = { reference: `localhost/driftbox/${name}:1`, layers: [root], config: { Entrypoint: ['/program'], User: '65532:65532' } };
  return (await writeOciArchive(image, path.join(out, `${name}.tar`))).digest;
}

/** What a script of the bundle would have called of the tools that it finds. */
async function calls(script: string, ...args: readonly string[]): Promise<readonly string[]> {
  await using tools = await temporaryFolder();
  for (const name of ['ctr', 'skopeo']) await writeFile(path.join(tools.path, name), `#!/bin/sh\necho ${name} "$@"\n`, { mode: 0o755 });
  const { stdout } = await run('sh', [script, ...args], { env: { PATH: `${tools.path}:${process.env['PATH'] ?? ''}` } });
  return stdout.trim().split('\n');
}
