import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dieAt, failAt, faultyIo, fileSystemIo } from './index.ts';
import type { DiskIo, PackBytes } from './index.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-io-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true }));

/** A file that takes at most `most` bytes a call, as a disk or a network may. */
function shortWriter(most: number): { readonly file: FileHandle; readonly written: Buffer[] } {
  const written: Buffer[] = [];
  const writev = async (pieces: PackBytes) => {
    const taken = Buffer.from(Buffer.concat(pieces).subarray(0, most));
    written.push(taken);
    return { bytesWritten: taken.length };
  };
  return { file: { writev } as unknown as FileHandle, written };
}

async function writeFileBy(io: DiskIo, pieces: PackBytes): Promise<void> {
  const file = await io.create(path);
  try {
    await io.append(file, pieces);
    await io.sync(file);
  } finally {
    await io.close(file);
  }
}

describe('append', () => {
  test('goes on wherever a short write stopped', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 50 }), async (given, most) => {
        const { file, written } = shortWriter(most);
        await fileSystemIo.append(file, given);
        expect(Buffer.concat(written)).toEqual(Buffer.concat(given));
      }),
    );
  });

  test('takes more pieces than the system takes at once', async () => {
    const whole = randomBytes(5000);
    await writeFileBy(
      fileSystemIo,
      Array.from(whole, (byte) => Uint8Array.of(byte)),
    );
    expect(whole.equals(await readFile(path))).toBe(true);
  });
});

describe('the file system', () => {
  test('never writes over a file that is there', async () => {
    await writeFileBy(fileSystemIo, [Buffer.from('first')]);
    await expect(fileSystemIo.create(path)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  test('reads a range as far as the file goes', async () => {
    await writeFileBy(fileSystemIo, [Buffer.from('0123456789')]);
    const read = async (offset: number, length: number) => Buffer.from(await fileSystemIo.read(path, { offset, length })).toString();
    expect(await read(2, 3)).toBe('234');
    expect(await read(8, 100)).toBe('89');
    expect(await read(100, 1)).toBe('');
    expect(Buffer.from(await fileSystemIo.read(path)).toString()).toBe('0123456789');
    expect(await fileSystemIo.size(path)).toBe(10);
  });

  test('hands out memory of its own, not of a shared pool', async () => {
    await writeFileBy(fileSystemIo, [Buffer.from('x')]);
    expect((await fileSystemIo.read(path)).buffer.byteLength).toBe(1);
  });
});

describe('faulty calls', () => {
  test('leave half of an append that failed before it was done', async () => {
    const io = faultyIo(fileSystemIo, failAt(2));
    await expect(writeFileBy(io, [Buffer.from('abc'), Buffer.from('def')])).rejects.toMatchObject({ code: 'EIO' });
    expect(await readFile(path, 'utf8')).toBe('abc');
  });

  test('leave all of an append that failed after it was done', async () => {
    const io = faultyIo(fileSystemIo, failAt(2, 'after'), 'ENOSPC');
    await expect(writeFileBy(io, [Buffer.from('abc')])).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readFile(path, 'utf8')).toBe('abc');
  });

  test('fail once, or from then on', async () => {
    const outcomes = async (io: DiskIo) => {
      const settled = [];
      for (let i = 0; i < 4; i += 1)
        settled.push(
          await io.names(folder).then(
            () => 'done',
            () => 'failed',
          ),
        );
      return settled;
    };
    expect(await outcomes(faultyIo(fileSystemIo, failAt(2)))).toEqual(['done', 'failed', 'done', 'done']);
    expect(await outcomes(faultyIo(fileSystemIo, dieAt(2)))).toEqual(['done', 'failed', 'failed', 'failed']);
  });
});
