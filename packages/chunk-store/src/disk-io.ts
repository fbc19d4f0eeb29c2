import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { takeShared } from '@driftbox/threads';
import type { ByteRange, PackBytes } from './pack-store.ts';

/** Every call that the disk store makes to the file system, so that a test can fail each of them. Throws system errors. */
export interface DiskIo {
  /** Makes a folder and those above it; succeeds when it is there. */
  makeFolder(path: string): Promise<void>;
  /** Makes a file that must not exist. */
  create(path: string): Promise<FileHandle>;
  /** Appends all pieces. */
  append(file: FileHandle, pieces: PackBytes): Promise<void>;
  /** Makes the file's bytes and length durable. */
  sync(file: FileHandle): Promise<void>;
  close(file: FileHandle): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
  /** The file, or what there is of a range of it. */
  read(path: string, range?: ByteRange): Promise<Uint8Array>;
  /** Size in bytes. */
  size(path: string): Promise<number>;
  /** When the file was last written to, in milliseconds since 1970. */
  changedAtMs(path: string): Promise<number>;
  /** Names in a folder, in no order. */
  names(path: string): Promise<string[]>;
  remove(path: string): Promise<void>;
}

/** Vectors per call stay below what systems allow (IOV_MAX is 1,024 on Linux). */
const maxVectors = 512;

async function append(file: FileHandle, pieces: PackBytes): Promise<void> {
  for (let at = 0; at < pieces.length; at += maxVectors) await appendAll(file, pieces.slice(at, at + maxVectors));
}

/** Goes on after short writes, which stop anywhere inside a piece. */
async function appendAll(file: FileHandle, pieces: PackBytes): Promise<void> {
  let rest = pieces.filter((piece) => piece.length > 0);
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest);
    rest = after(rest, bytesWritten);
  }
}

/** What is left of the pieces after their first `count` bytes. */
function after(pieces: PackBytes, count: number): Uint8Array[] {
  let skip = count;
  const rest: Uint8Array[] = [];
  for (const piece of pieces) {
    if (skip < piece.length) rest.push(skip === 0 ? piece : piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return rest;
}

async function read(path: string, range?: ByteRange): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const offset = Math.min(range?.offset ?? 0, size);
    const length = Math.min(range?.length ?? size, size - offset);
    const bytes = takeShared(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** The real file system. */
export const fileSystemIo: DiskIo = {
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  create: (path) => open(path, 'wx', 0o600),
  append,
  sync: (file) => file.datasync(),
  close: (file) => file.close(),
  rename,
  async syncFolder(path) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  read,
  size: async (path) => (await stat(path)).size,
  changedAtMs: async (path) => (await stat(path)).mtimeMs,
  names: (path) => readdir(path),
  remove: unlink,
};
