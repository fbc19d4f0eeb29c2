// Imports every door of every workspace by plain Node: what tests load through their own loader must load without it.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRepository } from './tidy/read-repository.ts';

const root = path.resolve(import.meta.dirname, '../..');
// A conformance suite registers tests when it is called; its module imports jest's globals, which exist only under jest.
const doors = readRepository(root).workspaces.flatMap(({ folder, manifest }) =>
  Object.entries(manifest.exports ?? {})
    .filter(([door]) => door !== './conformance')
    .map(([, file]) => path.join(root, folder, file)),
);
let failed = 0;
for (const door of doors) {
  try {
    await import(pathToFileURL(door).href);
  } catch (error) {
    failed += 1;
    console.log(`${path.relative(root, door)} does not load: ${error instanceof Error ? error.message : String(error)}`);
  }
}
console.log(`${doors.length - failed} of ${doors.length} doors load`);
process.exit(failed === 0 ? 0 : 1);
