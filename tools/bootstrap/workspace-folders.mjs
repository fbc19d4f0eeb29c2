import fs from 'node:fs';
import path from 'node:path';

/** The folders of all workspaces that exist, sorted; a pattern in package.json is a folder, or a folder and `/*`. */
export function workspaceFolders(root) {
  const { workspaces } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      if (!fs.existsSync(path.join(root, parent))) return [];
      return fs.readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`);
    })
    .filter((folder) => fs.existsSync(path.join(root, folder, 'package.json')))
    .sort();
}
