import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { nativeWatch } from './native-watch.ts';
import { portableWatch } from './portable-watch.ts';
import { watchFolder } from './watch-folder.ts';

let parent: TemporaryFolder;
let folder: string;
beforeEach(async () => {
  parent = await temporaryFolder();
  folder = `${parent.path}/synced`;
  mkdirSync(`${folder}/.driftbox`, { recursive: true });
});
afterEach(() => parent.remove());

/** What was said so far; an overflow says everything. */
function listening() {
  const said = new Set<string>();
  return {
    said,
    listener: { changed: (paths: readonly string[]) => paths.forEach((one) => said.add(one)), overflowed: () => said.add('*') },
  };
}

const until = (said: ReadonlySet<string>, name: string) =>
  waitFor(() => said.has(name) || said.has('*'), { deadlineMs: 30_000, what: `word of ${name}` });

describe.each([
  ['the system', nativeWatch],
  ['Node', portableWatch],
])('watching by %s', (_name, watch) => {
  test('tells what is made, written and renamed, in new folders too, and nothing of its own place', async () => {
    const { said, listener } = listening();
    const watcher = await watch(folder, listener);
    writeFileSync(`${folder}/.driftbox/own`, 'x');
    mkdirSync(`${folder}/new`);
    await until(said, 'new');
    writeFileSync(`${folder}/new/file`, 'x');
    await until(said, 'new/file');
    renameSync(`${folder}/new/file`, `${folder}/new/other`);
    await until(said, 'new/other');
    expect([...said].filter((name) => name.startsWith('.driftbox'))).toEqual([]);
    await watcher.close();
  });
});

test('where the system refuses, Node watches instead, and it is said why', async () => {
  const { listener } = listening();
  const watching = await watchFolder(`${parent.path}/absent`, listener);
  expect(watching).toMatchObject({ by: 'node', reason: expect.stringMatching(/./) });
  await watching.watcher?.close();
});
