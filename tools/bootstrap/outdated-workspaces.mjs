import fs from 'node:fs';
import path from 'node:path';
import { workspaceFolders } from './workspace-folders.mjs';

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Workspaces (the root is `.`) whose declared dependencies differ from what the lockfile says they declare. */
export function outdatedWorkspaces(root) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return ['.', ...workspaceFolders(root)].filter((folder) => {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const locked = packages[folder === '.' ? '' : folder] ?? {};
    return kinds.some((kind) => describe(manifest[kind]) !== describe(locked[kind]));
  });
}

function describe(dependencies) {
  return JSON.stringify(Object.entries(dependencies ?? {}).sort());
}
