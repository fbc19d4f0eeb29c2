// What the installed tree depends on, as one short text.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { workspaceFolders } from './workspace-folders.mjs';

/** SHA-256 over the lockfile, npm's settings, every workspace's package.json and the platform. */
export function fingerprint(root) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  const manifests = workspaceFolders(root).map((folder) => `${folder}/package.json`);
  for (const file of ['package-lock.json', '.npmrc', 'package.json', ...manifests]) {
    hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}
