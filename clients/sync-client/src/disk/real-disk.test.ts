import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { digestOf } from '@driftbox/chunking';
import { parseEntryId } from '@driftbox/domain';
import { newId, temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import { RootGone } from '../ports/disk.ts';
import type { DiskOutcome, Listing, Stat } from '../ports/disk.ts';
import { betweenNames } from './half-move.ts';
import { RealDisk } from './real-disk.ts';
import { FolderInUse, Root } from './root.ts';

let parent: TemporaryFolder;
let folder: string;
let root: Root;
let disk: RealDisk;

beforeEach(async () => {
  parent = await temporaryFolder();
  folder = `${parent.path}/synced`;
  mkdirSync(folder);
  root = new Root(folder, 'm', false);
  disk = new RealDisk(root);
});
afterEach(async () => {
  root.close();
  await parent.remove();
});

const write = (name: string, text: string) => writeFileSync(`${folder}/${name}`, text);
const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
const list = async (path = '') => (await disk.list(path)) as Listing;
const stat = async (path: string) => (await disk.stat(path)) as Stat;
const changed: DiskOutcome = { outcome: 'changed' };

/** Content that has arrived, as the server's port leaves it. */
function arrive(text: string): { tag: string } {
  const tag = newId(parseEntryId);
  writeFileSync(disk.temporaryFile(tag), text);
  return { tag };
}

describe('looking', () => {
  test('tells files, folders, links and others, and never what is its own', async () => {
    write('a', 'one');
    chmodSync(`${folder}/a`, 0o755);
    mkdirSync(`${folder}/d`);
    symlinkSync('../elsewhere', `${folder}/l`);
    const { entries, unusable } = await list();
    expect(unusable).toEqual([]);
    expect(
      entries
        .map(({ name, stat: { kind, sizeBytes, executable, target } }) => [name, kind, executable, target, kind === 'file' ? sizeBytes : 0])
        .sort(),
    ).toEqual([
      ['a', 'file', true, undefined, 3],
      ['d', 'folder', true, undefined, 0],
      ['l', 'symlink', true, '../elsewhere', 0],
    ]);
    expect(await stat('a')).toEqual(entries.find(({ name }) => name === 'a')?.stat);
    expect(await disk.stat('nothing')).toBeUndefined();
    expect(await disk.list('nothing')).toBeUndefined();
  });

  test('keeps the identity of what is moved, and gives another one to what replaces it', async () => {
    write('a', 'one');
    const before = await stat('a');
    renameSync(`${folder}/a`, `${folder}/b`);
    expect((await stat('b')).identity).toBe(before.identity);
    write('a', 'one');
    expect((await stat('a')).identity).not.toBe(before.identity);
  });

  test('answers names in NFC and opens them as they are; of two that are the same in NFC one is unusable', async () => {
    write('e\u0301', 'decomposed');
    const [only] = (await list()).entries;
    expect(only).toMatchObject({ name: '\u00e9', onDisk: 'e\u0301' });
    expect((await disk.read('e\u0301')) !== undefined).toBe(true);
    write('\u00e9', 'composed');
    const both = await list();
    expect(both.entries).toHaveLength(1);
    expect(both.unusable).toHaveLength(1);
  });

  test('reports names that are not UTF-8 and goes on', async () => {
    write('fine', 'x');
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff])]), 'x');
    const { entries, unusable } = await list();
    expect(entries.map(({ name }) => name)).toEqual(['fine']);
    expect(unusable).toEqual([{ name: 'bad-\ufffd', reason: 'its name is not valid UTF-8' }]);
  });

  test('never goes through a link on the way', async () => {
    mkdirSync(`${parent.path}/outside`);
    writeFileSync(`${parent.path}/outside/secret`, 'x');
    symlinkSync(`${parent.path}/outside`, `${folder}/way`);
    expect(await disk.list('way')).toBeUndefined();
    expect(await disk.stat('way/secret')).toBeUndefined();
    expect(await disk.read('way/secret')).toBeUndefined();
    expect(await disk.place(arrive('evil'), 'way/new', undefined)).toEqual(changed);
    expect(readdirSync(`${parent.path}/outside`)).toEqual(['secret']);
  });

  test('is another folder after the root was replaced, emptied of its marker or removed', async () => {
    renameSync(folder, `${folder}-old`);
    mkdirSync(folder);
    await expect(disk.list('')).rejects.toThrow(RootGone);
    await expect(disk.stat('a')).rejects.toThrow(RootGone);
    rmSync(folder, { recursive: true });
    await expect(disk.list('d')).rejects.toThrow(RootGone);
    renameSync(`${folder}-old`, folder);
    expect((await list()).entries).toEqual([]);
    rmSync(`${folder}/.driftbox/folder-m`);
    await expect(disk.list('')).rejects.toThrow(RootGone);
  });
});

describe('reading', () => {
  test('answers the list of a small file, an empty one, and a large one cut by a thread', async () => {
    write('small', 'hello');
    write('empty', '');
    writeFileSync(`${folder}/large`, Buffer.alloc(3_000_000, 7));
    const small = await disk.read('small');
    expect(small).toEqual({ listId: digestOf(Buffer.from('hello')), stat: await stat('small') });
    expect(await disk.read('empty')).toMatchObject({ stat: { sizeBytes: 0 } });
    const large = await disk.read('large');
    expect(large).toMatchObject({ stat: { sizeBytes: 3_000_000 } });
    expect(await disk.read('nothing')).toBeUndefined();
  });
});

describe('steps', () => {
  test('place takes a free place, and never one that is taken', async () => {
    expect(await disk.place(arrive('new'), 'a', undefined)).toMatchObject({ outcome: 'done', stat: { kind: 'file', sizeBytes: 3 } });
    const other = arrive('other');
    expect(await disk.place(other, 'a', undefined)).toEqual(changed);
    expect(read('a')).toBe('new');
    expect(existsSync(disk.temporaryFile(other.tag))).toBe(false);
  });

  test('place replaces exactly what was expected', async () => {
    write('a', 'old');
    const expected = await stat('a');
    const placed = await disk.place(arrive('newer'), 'a', expected);
    expect(placed).toEqual({ outcome: 'done', stat: await stat('a') });
    expect(read('a')).toBe('newer');
    expect(readdirSync(root.temporary)).toEqual([]);
    write('a', 'edited');
    expect(await disk.place(arrive('newest'), 'a', expected)).toEqual(changed);
    expect(read('a')).toBe('edited');
  });

  test.each<[string, () => void]>([
    ['content of the same size and time', () => (write('a', 'xyz'), utimesSync(`${folder}/a`, 1000, 1000))],
    ['an executable bit', () => chmodSync(`${folder}/a`, 0o755)],
    ['another file in its place', () => (rmSync(`${folder}/a`), write('a', 'abc'), utimesSync(`${folder}/a`, 1000, 1000))],
    ['nothing in its place', () => rmSync(`${folder}/a`)],
  ])('no step acts on a file after a change of %s', async (_what, change) => {
    write('a', 'abc');
    utimesSync(`${folder}/a`, 1000, 1000);
    const expected = await stat('a');
    change();
    const there = existsSync(`${folder}/a`) ? read('a') : undefined;
    expect(await disk.place(arrive('new'), 'a', expected)).toEqual(changed);
    expect(await disk.move('a', 'b', expected)).toEqual(changed);
    expect(await disk.remove('a', expected)).toEqual(changed);
    expect(await disk.stash('a', newId(parseEntryId), expected)).toEqual(changed);
    expect(await disk.setAttributes('a', { mtimeMs: 5, executable: false }, expected)).toEqual(changed);
    expect(existsSync(`${folder}/a`) ? read('a') : undefined).toBe(there);
    expect(readdirSync(root.temporary)).toEqual([]);
  });

  test('move keeps what it moves and replaces nothing', async () => {
    write('a', 'one');
    write('b', 'two');
    const expected = await stat('a');
    expect(await disk.move('a', 'b', expected)).toEqual(changed);
    expect([read('a'), read('b')]).toEqual(['one', 'two']);
    const moved = await disk.move('a', 'c', await stat('a'));
    expect(moved).toEqual({ outcome: 'done', stat: await stat('c') });
    expect(readdirSync(folder).sort()).toEqual(['.driftbox', 'b', 'c']);
  });

  test('move takes a folder with what is in it, whatever came and went there', async () => {
    mkdirSync(`${folder}/d`);
    const expected = await stat('d');
    write('d/a', 'x');
    expect(await disk.move('d', 'e', expected)).toMatchObject({ outcome: 'done' });
    expect(read('e/a')).toBe('x');
  });

  test('stash and unstash go out of sight and come back', async () => {
    write('a', 'one');
    const id = newId(parseEntryId);
    expect(await disk.stash('a', id, await stat('a'))).toMatchObject({ outcome: 'done' });
    expect([await disk.stashed(), (await list()).entries]).toEqual([[id], []]);
    write('b', 'taken');
    expect(await disk.unstash(id, 'b')).toEqual(changed);
    expect(await disk.unstash(id, 'c')).toMatchObject({ outcome: 'done' });
    expect(await disk.stashed()).toEqual([]);
    expect(read('c')).toBe('one');
  });

  test('remove takes a file, a link, or an empty folder, and never a full one', async () => {
    write('a', 'x');
    symlinkSync('a', `${folder}/l`);
    mkdirSync(`${folder}/d`);
    mkdirSync(`${folder}/full`);
    write('full/a', 'x');
    for (const name of ['a', 'l', 'd']) expect(await disk.remove(name, await stat(name))).toEqual({ outcome: 'done', stat: undefined });
    expect(await disk.remove('full', await stat('full'))).toEqual(changed);
    expect(readdirSync(folder).sort()).toEqual(['.driftbox', 'full']);
  });

  test.each([
    ['move', 'b', (local: Stat) => disk.move('a', 'b', local)],
    ['stash', `.driftbox/stash/${'0'.repeat(8)}`, (local: Stat) => disk.stash('a', newId(parseEntryId), local)],
  ])('%s leaves no note of itself, and what died in the midst of one is undone at the next start', async (_what, second, act) => {
    write('a', 'one');
    expect(() =>
      betweenNames(folder, root.moving, `${folder}/a`, `${folder}/${second}`, () => {
        linkSync(`${folder}/a`, `${folder}/${second}`);
        cpSync(root.moving, `${parent.path}/note`);
        throw new Error('killed');
      }),
    ).toThrow('killed');
    renameSync(`${parent.path}/note`, root.moving);
    write('a', 'one, and something that came after the death');
    root.close();
    root = new Root(folder, 'm', true);
    disk = new RealDisk(root);
    expect([existsSync(`${folder}/${second}`), read('a')]).toEqual([false, 'one, and something that came after the death']);
    expect(await act(await stat('a'))).toMatchObject({ outcome: 'done' });
    expect(existsSync(root.moving)).toBe(false);
  });

  test.each([
    ['torn', '["a'],
    ['of names that are two files', '["a","b"]'],
    ['of a name that is no longer there', '["x","b"]'],
    ['of one name', '["a","a"]'],
    ['of something else', '{"a":"c"}'],
    ['of too little', '["a"]'],
    ['of a name that is too long', JSON.stringify(['a', 'x'.repeat(300)])],
    ['of a name that is none', JSON.stringify(['a', 'b\0'])],
  ])('a note that is %s changes nothing', (_what, note) => {
    write('a', 'one');
    write('b', 'two');
    linkSync(`${folder}/a`, `${folder}/c`);
    root.close();
    writeFileSync(root.moving, note);
    root = new Root(folder, 'm', true);
    expect([read('a'), read('b'), read('c'), existsSync(root.moving)]).toEqual(['one', 'two', 'one', false]);
  });

  test('remove of one name of a file leaves its other names', async () => {
    write('a', 'x');
    linkSync(`${folder}/a`, `${folder}/b`);
    expect(await disk.remove('a', await stat('a'))).toMatchObject({ outcome: 'done' });
    expect(read('b')).toBe('x');
  });

  test('makeLink makes a link and replaces one, and leads nowhere itself', async () => {
    expect(await disk.makeLink('l', 'one', undefined)).toMatchObject({ outcome: 'done', stat: { target: 'one' } });
    expect(await disk.makeLink('l', 'two', await stat('l'))).toMatchObject({ outcome: 'done', stat: { target: 'two' } });
    expect(await disk.makeLink('l', 'three', undefined)).toEqual(changed);
  });

  test('setAttributes sets time to the millisecond and the executable bit', async () => {
    write('a', 'x');
    for (const mtimeMs of [1_700_000_000_123, 1_700_000_000_001, 999, -1_500, -1_499]) {
      const done = await disk.setAttributes('a', { mtimeMs, executable: true }, await stat('a'));
      expect(done).toEqual({ outcome: 'done', stat: await stat('a') });
      expect(Math.floor((await stat('a')).mtimeMs)).toBe(mtimeMs);
    }
    expect(lstatSync(`${folder}/a`).mode & 0o111).toBe(0o111);
    await disk.setAttributes('a', { mtimeMs: 0, executable: false }, await stat('a'));
    expect(lstatSync(`${folder}/a`).mode & 0o111).toBe(0);
  });

  test('what was left half done is removed, except large transfers that may be gone on with', async () => {
    const gone = arrive('x');
    writeFileSync(disk.temporaryFile('entry-list.part'), 'half');
    await disk.discardAll();
    expect([existsSync(disk.temporaryFile(gone.tag)), readdirSync(root.temporary)]).toEqual([false, ['entry-list.part']]);
  });
});

test('a folder that is synced already is refused, and free again after that', () => {
  expect(() => new Root(folder, 'other', false)).toThrow(FolderInUse);
  root.close();
  root = new Root(folder, 'other', false);
});

test('a folder that was synced before is refused without its marker', () => {
  root.close();
  expect(() => new Root(folder, 'never', true)).toThrow(RootGone);
  root = new Root(folder, 'm', true);
});
