import { Readable } from 'node:stream';
import yazl from 'yazl';

/** One thing in an archive; `open` is called when its turn has come. */
export type Archived =
  | { readonly kind: 'folder'; readonly path: string; readonly mtimeMs: number }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mtimeMs: number;
      readonly sizeBytes: number;
      readonly open: () => Promise<AsyncIterable<Uint8Array>>;
    };

/** A zip of known size that is made while it is read. */
export type Archive = { readonly sizeBytes: number; readonly body: AsyncIterable<Uint8Array> };

/** Of an entry of the directory at the archive's end, without its name. */
const mostDirectoryBytes = 46 + 28 + 9;

/**
 * A zip (APPNOTE 6.3, ZIP64 where it must be) of these things in this order, stored as they are: files people share are mostly
 * compressed already, and so its size is known before its first byte. One file is open at a time and little of it is in memory;
 * nothing goes to disk. Where a file fails to open, breaks off or is of another size, the body throws; whoever stops reading ends the
 * file that is open.
 */
export async function writeArchive(things: readonly Archived[]): Promise<Archive> {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown): void => void output.destroy(error instanceof Error ? error : new Error(String(error)));
  // The library looks after neither the failure nor the end of what it reads.
  let current: Readable | undefined;
  output.once('close', () => current?.destroy());
  zip.on('error', fail);
  for (const thing of things) {
    const mtime = new Date(thing.mtimeMs);
    if (thing.kind === 'folder') zip.addEmptyDirectory(thing.path, { mtime });
    else {
      zip.addReadStreamLazy(thing.path, { mtime, compress: false, size: thing.sizeBytes }, (give) => {
        thing.open().then((bytes) => {
          current = Readable.from(bytes, { objectMode: false }).on('error', fail);
          if (output.destroyed) current.destroy();
          else give(null, current);
        }, fail);
      });
    }
  }
  // The library reckons with the larger end record from this size of its directory on; it is to write it, too.
  const forceZip64Format = things.reduce((sum, { path }) => sum + mostDirectoryBytes + Buffer.byteLength(path), 0) >= 0xffff;
  const sizeBytes = await new Promise<number>((resolve) => {
    // Its types say nothing of the size that it calls back with.
    zip.end({ forceZip64Format, comment: '' }, resolve as () => void);
  });
  return { sizeBytes, body: output };
}
