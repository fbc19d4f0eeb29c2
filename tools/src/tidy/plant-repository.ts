import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Repository } from './repository.ts';
import { readRepository } from './read-repository.ts';

/** A small repository that breaks no rule; each test adds what it wants to be found. */
const sound: Readonly<Record<string, string>> = {
  'package.json': manifest({
    name: 'driftbox',
    workspaces: ['packages/*', 'services/*', 'clients/*', 'operator', 'standalone', 'testbed'],
  }),
  ...planWorkspace('packages/domain', 'domain'),
  ...planWorkspace('packages/protocol', 'protocol', ['domain']),
  ...planWorkspace('packages/testkit', 'testkit'),
  ...planWorkspace('packages/postgres', 'postgres'),
  ...planWorkspace('services/auth', 'auth'),
  ...planWorkspace('services/upload', 'upload'),
  ...planWorkspace('clients/cli', 'cli'),
  ...planWorkspace('clients/sync-client', 'sync-client'),
  ...planWorkspace('clients/web', 'web'),
  ...planWorkspace('operator', 'operator'),
  ...planWorkspace('testbed', 'testbed'),
};

/** Writes a sound repository with `files` added or replaced into a temporary folder, reads it, and removes the folder. */
export function plantRepository(files: Readonly<Record<string, string>>): Repository {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'driftbox-tidy-'));
  try {
    for (const [file, text] of Object.entries({ ...sound, ...files })) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    }
    return readRepository(root);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** The files of a workspace that imports all it declares. */
export function planWorkspace(folder: string, name: string, uses: readonly string[] = []): Record<string, string> {
  const dependencies = Object.fromEntries(uses.map((used) => [`@driftbox/${used}`, '0.1.0']));
  return {
    [`${folder}/package.json`]: manifest({ name: `@driftbox/${name}`, exports: { '.': './src/index.ts' }, dependencies }),
    [`${folder}/README.md`]: `# ${name}\n`,
    [`${folder}/src/index.ts`]: uses.map((used) => `export * from '@driftbox/${used}';\n`).join('') || 'export const nothing = 0;\n',
  };
}

/** A package.json's text. */
export function manifest(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(fields);
}
