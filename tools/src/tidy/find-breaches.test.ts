import { describe, expect, test } from '@jest/globals';
import { findBreaches } from './find-breaches.ts';
import { manifest, planWorkspace, plantRepository } from './plant-repository.ts';
import { rules } from './rules.ts';

const long = (count: number, line: string) => `${line}\n`.repeat(count);

/** Rule, what is planted, and where it must be found. */
const planted: readonly (readonly [rule: string, what: string, files: Record<string, string>, found: string])[] = [
  [
    'layers',
    'domain importing protocol',
    { 'packages/domain/src/index.ts': `export * from '@driftbox/protocol';\n` },
    'packages/domain/src/index.ts:1',
  ],
  ['layers', 'a service importing a service', { 'services/auth/src/a.ts': `\nimport '@driftbox/upload';\n` }, 'services/auth/src/a.ts:2'],
  ['layers', 'a client importing postgres', { 'clients/cli/src/a.ts': `import '@driftbox/postgres';\n` }, 'clients/cli/src/a.ts:1'],
  [
    'layers',
    'a client importing another client',
    { 'clients/sync-client/src/a.ts': `import '@driftbox/cli';\n` },
    'clients/sync-client/src/a.ts:1',
  ],
  [
    'layers',
    'the command line importing a client other than the sync client',
    { 'clients/cli/src/a.ts': `import '@driftbox/sync-client';\nimport '@driftbox/web';\n` },
    'clients/cli/src/a.ts:2',
  ],
  ['layers', 'testkit outside a test', { 'services/auth/src/a.ts': `import '@driftbox/testkit';\n` }, 'services/auth/src/a.ts:1'],
  [
    'layers',
    'something importing testbed',
    { 'services/auth/src/a.test.ts': `import '@driftbox/testbed';\n` },
    'services/auth/src/a.test.ts:1',
  ],
  ['layers', 'the operator importing postgres', { 'operator/src/a.ts': `import '@driftbox/postgres';\n` }, 'operator/src/a.ts:1'],
  [
    'command-lines',
    'node in place of the package',
    { 'testbed/a/main.ts': `import { parseArgs } from 'node:util';\n` },
    'testbed/a/main.ts:1',
  ],
  ['runtime-alone', 'a package of ours', { 'operator/src/runtime/a.ts': `import '@driftbox/domain';\n` }, 'operator/src/runtime/a.ts:1'],
  ['runtime-alone', 'a controller', { 'operator/src/runtime/b/a.ts': `import '../../quota/plan.ts';\n` }, 'operator/src/runtime/b/a.ts:1'],
  ['outside-libraries', 'pg in a service', { 'services/auth/src/a.ts': `import pg from 'pg';\n` }, 'services/auth/src/a.ts:1'],
  [
    'outside-libraries',
    'the cluster API in a service',
    { 'services/auth/src/a.ts': `import '@kubernetes/client-node';\n` },
    'services/auth/src/a.ts:1',
  ],
  ['doors', 'a deep import', { 'services/auth/src/a.ts': `import '@driftbox/domain/src/ids.ts';\n` }, 'services/auth/src/a.ts:1'],
  [
    'doors',
    'a path into another workspace',
    { 'services/auth/src/a.ts': `import '../../upload/src/index.ts';\n` },
    'services/auth/src/a.ts:1',
  ],
  [
    'doors',
    'a second door',
    { 'packages/domain/package.json': manifest({ name: '@driftbox/domain', exports: { './ids': './src/ids.ts' } }) },
    'packages/domain/package.json:1',
  ],
  [
    'cycles',
    'two packages importing each other',
    { ...planWorkspace('packages/domain', 'domain', ['protocol']) },
    'packages/domain/package.json:1',
  ],
  ['dependencies', 'an undeclared import', { 'services/auth/src/a.ts': `import 'nodemailer';\n` }, 'services/auth/src/a.ts:1'],
  [
    'dependencies',
    'a declared package that nothing imports',
    { 'services/auth/package.json': manifest({ name: '@driftbox/auth', dependencies: { jose: '6.0.0' } }) },
    'services/auth/package.json:1',
  ],
  [
    'dependency-budget',
    'an outside package in domain',
    { 'packages/domain/package.json': manifest({ name: '@driftbox/domain', dependencies: { zod: '4.0.0' } }) },
    'packages/domain/package.json:1',
  ],
  ['pure-packages', 'the clock', { 'packages/domain/src/a.ts': `export const a = () => Date.now();\n` }, 'packages/domain/src/a.ts:1'],
  [
    'pure-packages',
    'randomness',
    { 'packages/domain/src/a.ts': `\nexport const a = () => Math.random();\n` },
    'packages/domain/src/a.ts:2',
  ],
  [
    'pure-packages',
    'a timer',
    { 'packages/domain/src/a.ts': `export const a = () => setTimeout(() => {}, 1);\n` },
    'packages/domain/src/a.ts:1',
  ],
  ['pure-packages', 'waiting', { 'packages/domain/src/a.ts': `export async function a() {}\n` }, 'packages/domain/src/a.ts:1'],
  ['pure-packages', 'the file system', { 'packages/domain/src/a.ts': `import fs from 'node:fs';\n` }, 'packages/domain/src/a.ts:1'],
  ['pure-packages', 'the network', { 'packages/domain/src/a.ts': `export const a = () => fetch('/');\n` }, 'packages/domain/src/a.ts:1'],
  ['service-shape', 'a store that knows Koa', { 'services/auth/src/store/a.ts': `import 'koa';\n` }, 'services/auth/src/store/a.ts:1'],
  [
    'service-shape',
    'a store that answers problems',
    { 'services/auth/src/store/a.ts': `import { Problem } from '@driftbox/protocol';\n` },
    'services/auth/src/store/a.ts:1',
  ],
  ['service-shape', 'a rule that knows a route', { 'services/auth/src/a.ts': `import './routes/b.ts';\n` }, 'services/auth/src/a.ts:1'],
  [
    'service-shape',
    'a rule that reads the configuration',
    { 'services/auth/src/a.ts': `import { c } from './config.ts';\n` },
    'services/auth/src/a.ts:1',
  ],
  [
    'service-shape',
    'a route that imports the app',
    { 'services/auth/src/routes/a.ts': `import '../app.ts';\n` },
    'services/auth/src/routes/a.ts:1',
  ],
  [
    'environment',
    'the environment read in a rule',
    { 'services/auth/src/a.ts': `export const a = process.env.A;\n` },
    'services/auth/src/a.ts:1',
  ],
  [
    'rims',
    'a span inside a rule',
    { 'services/auth/src/a.ts': `import { traced } from '@driftbox/tracing';\nexport const a = () => 1;\n` },
    'services/auth/src/a.ts:1',
  ],
  ['names', 'camel case', { 'services/auth/src/signUp.ts': '' }, 'services/auth/src/signUp.ts:1'],
  ['names', 'a heap', { 'services/auth/src/utils.ts': '' }, 'services/auth/src/utils.ts:1'],
  ['named-exports', 'a default export', { 'services/auth/src/a.ts': `\nexport default 1;\n` }, 'services/auth/src/a.ts:2'],
  ['sizes', 'a long file', { 'services/auth/src/a.ts': long(401, '// line') }, 'services/auth/src/a.ts:1'],
  [
    'sizes',
    'a long function',
    { 'services/auth/src/a.ts': `\nexport function a() {\n${long(70, '  a();')}}\n` },
    'services/auth/src/a.ts:2',
  ],
  ['text', 'a long line', { 'services/auth/src/a.ts': `\n// ${'x'.repeat(140)}\n` }, 'services/auth/src/a.ts:2'],
  ['text', 'unfinished work', { 'services/auth/src/a.ts': `// ${'TO' + 'DO'}: later\n` }, 'services/auth/src/a.ts:1'],
  ['text', 'a tab', { 'services/auth/src/a.ts': `if (true) {\n\ta();\n}\n` }, 'services/auth/src/a.ts:2'],
  ['tests', 'a module mock', { 'services/auth/src/a.test.ts': `jest.mock('./b.ts');\n` }, 'services/auth/src/a.test.ts:1'],
  ['tests', 'a test left out', { 'services/auth/src/a.test.ts': `test.skip('a', () => {});\n` }, 'services/auth/src/a.test.ts:1'],
  [
    'readmes',
    'a workspace without README',
    { 'packages/new/package.json': manifest({ name: '@driftbox/new' }) },
    'packages/new/README.md:1',
  ],
];

test('a sound repository has no breach', () => {
  expect(findBreaches(plantRepository({}))).toEqual([]);
});

describe('each planted breach is found, where it is', () => {
  test.each(planted)('%s: %s', (rule, _what, files, found) => {
    const places = findBreaches(plantRepository(files)).filter((breach) => breach.rule === rule);
    expect(places.map(({ path, line }) => `${path}:${line}`)).toContain(found);
  });
});

test('no rule is without a planted breach', () => {
  const tested = new Set(planted.map(([rule]) => rule));
  expect(rules.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

describe('what is allowed is not reported', () => {
  const allowed: readonly (readonly [what: string, files: Record<string, string>])[] = [
    [
      'testkit in a test',
      {
        'services/auth/package.json': manifest({ name: '@driftbox/auth', devDependencies: { '@driftbox/testkit': '0.1.0' } }),
        'services/auth/src/a.test.ts': `import '@driftbox/testkit';\n`,
      },
    ],
    ['a forbidden word in a comment or a string', { 'packages/domain/src/a.ts': `// Date\nexport const a = 'await Date.now()';\n` }],
    ['arguments read by their package', { 'packages/command-line/src/a.ts': `export const read = parseArgs();\n` }],
    ['a span at a rim', { 'services/sync/src/trace-telling.ts': `export const tell = startRoot();\n` }],
    ['the environment in config.ts', { 'services/auth/src/config.ts': `export const a = process.env.A;\n` }],
    ['a long group of tests', { 'services/auth/src/a.test.ts': `describe('a', () => {\n${long(90, `  test('b', () => {});`)}});\n` }],
    ['the type of the configuration', { 'services/auth/src/a.ts': `import type { C } from './config.ts';\n` }],
  ];
  test.each(allowed)('%s', (_what, files) => {
    expect(findBreaches(plantRepository(files))).toEqual([]);
  });
});
