import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseEntryId } from '@driftbox/domain';
import { newId, temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import type { Listing, Stat } from '../ports/disk.ts';
import { RealDisk } from './real-disk.ts';
import { Root } from './root.ts';

const isRoot = process.geteuid?.() === 0;
/** Somebody who may do nothing beyond what modes say. */
const nobody = 65_534;

let parent: TemporaryFolder;
let folder: string;
let disk: RealDisk;
let root: Root;

beforeEach(async () => {
  parent = await temporaryFolder();
  chmodSync(parent.path, 0o755);
  folder = `${parent.path}/synced`;
  mkdirSync(folder);
});
afterEach(() => parent.remove());

const stat = async (path: string) => (await disk.stat(path)) as Stat;

function arrive(bytes: string): { tag: string } {
  const tag = newId(parseEntryId);
  writeFileSync(disk.temporaryFile(tag), bytes);
  return { tag };
}

describe('without permission', () => {
  beforeEach(() => {
    mkdirSync(`${folder}/closed`);
    mkdirSync(`${folder}/fixed`);
    writeFileSync(`${folder}/closed/inside`, 'x');
    writeFileSync(`${folder}/fixed/file`, 'kept');
    writeFileSync(`${folder}/secret`, 'x');
    chmodSync(`${folder}/closed`, 0);
    chmodSync(`${folder}/fixed`, 0o555);
    chmodSync(`${folder}/secret`, 0);
    // Modes hold for everybody but root.
    if (isRoot) {
      for (const name of ['', '/closed', '/fixed', '/fixed/file', '/secret']) chownSync(folder + name, nobody, nobody);
      process.seteuid?.(nobody);
    }
    root = new Root(folder, 'm', false);
    disk = new RealDisk(root);
  });
  afterEach(() => {
    root.close();
    if (isRoot) process.seteuid?.(0);
    for (const name of ['closed', 'fixed', 'secret']) chmodSync(`${folder}/${name}`, 0o755);
  });

  test('a folder and a file that may not be read say so, and everything else is seen', async () => {
    const { entries } = (await disk.list('')) as Listing;
    expect(entries.map(({ name }) => name).sort()).toEqual(['closed', 'fixed', 'secret']);
    expect(await disk.list('closed')).toEqual({ failed: 'permission denied' });
    expect(await disk.read('secret')).toEqual({ failed: 'permission denied' });
    expect(await disk.read('fixed/file')).toMatchObject({ stat: { sizeBytes: 4 } });
  });

  test('a step that may not be taken fails with its reason and leaves things as they were', async () => {
    const denied = { outcome: 'failed', reason: 'permission denied', retryable: true };
    expect(await disk.remove('fixed/file', await stat('fixed/file'))).toEqual(denied);
    expect(await disk.move('fixed/file', 'file', await stat('fixed/file'))).toEqual(denied);
    expect(await disk.place(arrive('new'), 'fixed/new', undefined)).toEqual(denied);
    expect(await disk.place(arrive('new'), 'fixed/file', await stat('fixed/file'))).toEqual(denied);
    expect(await disk.makeFolder('fixed/folder')).toEqual(denied);
    expect([readFileSync(`${folder}/fixed/file`, 'utf8'), readdirSync(`${folder}/fixed`)]).toEqual(['kept', ['file']]);
    expect(readdirSync(folder)).not.toContain('file');
    expect(readdirSync(root.temporary)).toEqual([]);
  });
});

describe('on a full disk', () => {
  const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;
  let mounted = false;
  beforeEach(() => {
    // Only root may mount; anybody else tries the same on a disk with room, where there is less to see.
    mounted = mount('-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', folder);
    root = new Root(folder, 'm', false);
    disk = new RealDisk(root);
  });
  afterEach(() => {
    root.close();
    if (mounted) spawnSync('umount', [folder]);
  });

  test('a file system of its own works as any, and what does not fit says so and destroys nothing', async () => {
    writeFileSync(`${folder}/a`, 'old');
    expect(await disk.place(arrive('newer'), 'a', await stat('a'))).toMatchObject({ outcome: 'done' });
    for (let index = 0; mounted; index += 1) {
      try {
        writeFileSync(`${folder}/fill-${index}`, Buffer.alloc(4096));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
        break;
      }
    }
    const made = await disk.makeLink('link', 'x'.repeat(4000), undefined);
    expect(made).toEqual(
      mounted ? { outcome: 'failed', reason: 'no room on this disk', retryable: true } : expect.objectContaining({ outcome: 'done' }),
    );
    expect(readFileSync(`${folder}/a`, 'utf8')).toBe('newer');
    if (mounted) rmSync(`${folder}/fill-0`);
    expect(await disk.makeFolder('after')).toMatchObject({ outcome: 'done' });
  });
});
