import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { renderText } from '../charts/render-chart.ts';
import { projectVersion } from '../src/project-version.ts';
import { writeBundle } from './bundle.ts';
import { installedImages } from './catalogue.ts';
import { writeOciArchive } from './oci-archive.ts';
import { emptyRoot, put } from './root-folder.ts';

const run = promisify(execFile);

test('a bundle has every image that its chart, and the operator in it, will ask for, under the digests by which they do', async () => {
  await using folder = await temporaryFolder();
  const [out, file] = [path.join(folder.path, 'out'), path.join(folder.path, 'bundle.tar')];
  const version = await projectVersion();
  const digests: Record<string, string> = {};
  const say = async (): Promise<void> => {
    await writeFile(path.join(out, 'images.json'), JSON.stringify({ '0.0.1': {}, [version]: digests }));
    const values = {
      imageRegistry: 'registry.example.com',
      images: { operator: { repository: 'driftbox/operator', digest: digests['operator'] } },
    };
    await writeFile(path.join(out, 'operator-values.json'), JSON.stringify(values));
  };
  for (const name of installedImages) digests[name] = await small(folder.path, name, out);
  await say();
  await expect(writeBundle(out, file)).rejects.toThrow(`every image of ${version}: build operator first`);
  digests['operator'] = await small(folder.path, 'operator', out);
  await say();
  await writeBundle(out, file);

  const opened = path.join(folder.path, 'opened');
  await mkdir(opened);
  await run('tar', ['-xf', file, '-C', opened]);
  const at = (...names: string[]): string => path.join(opened, `driftbox-${version}`, ...names);
  const brought = await Promise.all((await readdir(at('images'))).map((name) => digestIn(at('images', name))));
  const values = JSON.parse(await readFile(at('operator-values.json'), 'utf8')) as object;
  const text = await renderText({ chart: 'driftbox-operator', folder: at('charts/driftbox-operator'), values });
  const asked = [...text.matchAll(/image: \S+@(sha256:\w+)/g)].map(([, digest]) => digest);
  const known = JSON.parse(await readFile(at('images.json'), 'utf8')) as Record<string, Record<string, string>>;
  expect(asked.length).toBeGreaterThan(0);
  expect(brought.toSorted()).toEqual([...new Set([...asked, ...Object.values(known[version] ?? {})])].toSorted());
  expect(await readdir(at('samples'))).toContain('trial.yaml');
  expect(await readFile(at('README.md'), 'utf8')).toContain('oci-archive:images/services.tar');
});

async function small(folder: string, name: string, out: string): Promise<string> {
  const root = await emptyRoot(path.join(folder, 'roots', name));
  await put(root, 'program', name, 0o755);
  const image = { reference: `localhost/driftbox/${name}:1`, layers: [root], config: { Entrypoint: ['/program'], User: '65532:65532' } };
  return (await writeOciArchive(image, path.join(out, `${name}.tar`))).digest;
}

async function digestIn(archive: string): Promise<string> {
  const { stdout } = await run('tar', ['-xOf', archive, './index.json']);
  return (JSON.parse(stdout) as { readonly manifests: readonly { readonly digest: string }[] }).manifests[0]?.digest ?? '';
}
