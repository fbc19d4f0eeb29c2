import fs from 'node:fs';
import path from 'node:path';
import { parseSource } from './parse-source.ts';
import type { Manifest, Repository, Workspace } from './repository.ts';

const skipped = new Set(['node_modules', 'dist', 'coverage']);

/** Reads and parses every workspace below `root`. Throws where the root or a package.json cannot be read. */
export function readRepository(root: string): Repository {
  const manifest = readManifest(root);
  const patterns = (manifest as Manifest & { workspaces: string[] }).workspaces;
  const folders = patterns
    .flatMap((pattern) => expand(root, pattern))
    .filter((folder) => fs.existsSync(path.join(root, folder, 'package.json')));
  return { manifest, workspaces: folders.sort().map((folder) => readWorkspace(root, folder)) };
}

function expand(root: string, pattern: string): string[] {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  if (!fs.existsSync(path.join(root, parent))) return [];
  return fs.readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

function readWorkspace(root: string, folder: string): Workspace {
  const locals = listFiles(path.join(root, folder), '');
  const sources = locals.filter((local) => /\.(ts|mjs|js)$/.test(local));
  return {
    folder,
    manifest: readManifest(path.join(root, folder)),
    hasReadme: locals.includes('README.md'),
    files: sources.map((local) => parseSource(`${folder}/${local}`, local, fs.readFileSync(path.join(root, folder, local), 'utf8'))),
    otherFiles: locals.filter((local) => local.endsWith('.sql')).map((local) => `${folder}/${local}`),
  };
}

function listFiles(base: string, below: string): string[] {
  return fs.readdirSync(path.join(base, below), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) return [];
    const local = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? listFiles(base, local) : [local];
  });
}
