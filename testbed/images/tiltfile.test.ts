import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { projectFolder } from '../src/standalone-process.ts';

// Tilt is not asked: what the file names has to be there.
let code = '';
beforeAll(async () => {
  const text = await readFile(path.join(projectFolder, 'Tiltfile'), 'utf8');
  // Strings that are joined by + are one.
  code = text.replaceAll(/^#.*\n/gm, '').replaceAll(/' \+\s+'/g, '');
});
const strings = (): string[] => [...code.matchAll(/'([^']*)'/g)].map(([, one]) => one ?? '');

describe('Tiltfile', () => {
  test('names only files and folders that are there, or made by what it runs', () => {
    const paths = strings().flatMap(
      (one) => one.match(/(?<![\w/.@-])(?:packages|services|operator|charts|crds|package-lock\.json)\b[\w./-]*/g) ?? [],
    );
    expect(paths.length).toBeGreaterThan(7);
    for (const one of paths) expect([one, existsSync(path.join(projectFolder, one))]).toEqual([one, true]);
  });

  test('runs scripts that there are', async () => {
    const { scripts } = JSON.parse(await readFile(path.join(projectFolder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const run = strings().flatMap((one) => [...one.matchAll(/npm run ([a-z]+)/g)].map(([, script]) => script ?? ''));
    expect(new Set(run)).toEqual(new Set(['images', 'cluster']));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(run));
  });

  test('waits for resources of its own, and for the tenant and the cell of the sample', async () => {
    const made = [...code.matchAll(/local_resource\(\s*'([a-z]+)'/g)].map(([, name]) => name);
    const awaited = [...code.matchAll(/resource_deps = \['([a-z]+)'\]/g)].map(([, name]) => name);
    expect(made.length).toBeGreaterThan(3);
    expect(made).toEqual(expect.arrayContaining(awaited));
    const sample = await readFile(path.join(projectFolder, 'crds/samples/trial.yaml'), 'utf8');
    const tenant = /tenants\.driftbox\.io\/(\S+)/.exec(code)?.[1];
    const cell = /driftbox-cell-(\S+)/.exec(code)?.[1];
    expect(sample).toContain(`kind: Tenant\nmetadata:\n  name: ${tenant}\n`);
    expect(sample).toContain(`kind: Cell\nmetadata:\n  name: ${cell}\n`);
  });
});
