import { describe, expect, test } from '@jest/globals';
import { parseEntryId, type EntryId } from '@driftbox/domain';
import { newId, readZip, waitFor } from '@driftbox/testkit';
import fc from 'fast-check';
import { archiveNames, type Listed } from './archive-names.ts';
import { writeArchive, type Archived } from './write-archive.ts';

async function read(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
async function* inPieces(bytes: Buffer, pieceBytes = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
const file = (path: string, bytes: Buffer): Archived => ({
  kind: 'file',
  path,
  mtimeMs: Date.UTC(2026, 0, 31, 12),
  sizeBytes: bytes.length,
  open: () => Promise.resolve(inPieces(bytes)),
});

describe('an archive', () => {
  test('that nobody reads on with leaves no file open', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(64_000);
      } finally {
        ended = true;
      }
    }
    const open = (): Promise<AsyncIterable<Uint8Array>> => Promise.resolve(endless());
    const { body } = await writeArchive([{ kind: 'file', path: 'endless', mtimeMs: 0, sizeBytes: 2 ** 40, open }]);
    let readBytes = 0;
    for await (const piece of body) if ((readBytes += piece.length) > 1_000_000) break;
    await waitFor(() => ended || undefined, { what: 'the end of the file that was open' });
  });

  test('unpacks to what went in, whatever it is, and is as long as it said', async () => {
    const names = fc.uniqueArray(
      fc.string({ minLength: 1, unit: 'grapheme', maxLength: 20 }).filter((name) => !/[/\\:]|^\.+$/.test(name)),
      {
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(names, fc.array(fc.uint8Array({ maxLength: 5000 }), { minLength: 8, maxLength: 8 }), async (paths, contents) => {
        const files = paths.map((path, at) => file(`top/${path}`, Buffer.from(contents[at]!)));
        const { sizeBytes, body } = await writeArchive([{ kind: 'folder', path: 'top', mtimeMs: 0 }, ...files]);
        const zip = await read(body);
        expect(zip).toHaveLength(sizeBytes);
        const found = readZip(zip);
        expect(found.size).toBe(paths.length + 1);
        for (const [at, path] of paths.entries()) expect(found.get(`top/${path}`)!.equals(contents[at]!)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('of many files, whose directory alone is large, is as long as it said', async () => {
    const files = Array.from({ length: 1_500 }, (_, n) => file(`folder of many/file number ${n}.txt`, Buffer.from(String(n))));
    const { sizeBytes, body } = await writeArchive(files);
    const zip = await read(body);
    expect(zip).toHaveLength(sizeBytes);
    expect(readZip(zip).get('folder of many/file number 1499.txt')!.toString()).toBe('1499');
  });

  test('opens one file at a time, each when its turn has come', async () => {
    let open = 0;
    let most = 0;
    const bytes = Buffer.alloc(300_000, 7);
    const opened = Array.from({ length: 20 }, (_, n): Archived => {
      async function* content(): AsyncGenerator<Uint8Array> {
        yield* inPieces(bytes, 64_000);
        open -= 1;
      }
      const openIt = (): Promise<AsyncIterable<Uint8Array>> => {
        most = Math.max(most, (open += 1));
        return Promise.resolve(content());
      };
      return { kind: 'file', path: `${n}`, mtimeMs: 0, sizeBytes: bytes.length, open: openIt };
    });
    const { body } = await writeArchive(opened);
    expect(await read(body)).not.toHaveLength(0);
    expect(most).toBe(1);
  });

  test.each<[string, () => Promise<AsyncIterable<Uint8Array>>]>([
    ['does not open', () => Promise.reject(new Error('gone'))],
    [
      'breaks off',
      () =>
        Promise.resolve(
          (async function* () {
            yield Buffer.from('a');
            throw new Error('broken');
          })(),
        ),
    ],
    ['is shorter than was said', () => Promise.resolve(inPieces(Buffer.from('short')))],
  ])('fails where a file %s', async (_what, open) => {
    const { body } = await writeArchive([file('fine', Buffer.from('x')), { kind: 'file', path: 'bad', mtimeMs: 0, sizeBytes: 100, open }]);
    await expect(read(body)).rejects.toThrow();
  });
});

test('every entry has one name of its own, below the root, that means one thing on every system', () => {
  const root = { entryId: newId(parseEntryId), name: 'C:root' };
  const plan = fc.array(fc.tuple(fc.nat(20), fc.constantFrom('a', 'b', 'a\\b', 'a:b', 'a_b', 'a_b (2)'), fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(plan, (steps) => {
      const folders: EntryId[] = [root.entryId];
      const entries = steps.map(([parent, name, isFolder]): Listed => {
        const entryId = newId(parseEntryId);
        const parentId = folders[parent % folders.length]!;
        if (isFolder) folders.push(entryId);
        return { entryId, parentId, kind: isFolder ? 'folder' : 'file', name };
      });
      const names = archiveNames(root, entries);
      expect(new Set(names.values()).size).toBe(entries.length);
      for (const path of names.values()) expect(path).toMatch(/^C_root\/[^\\:]+$/);
    }),
  );
  expect(archiveNames(root, [{ entryId: newId(parseEntryId), parentId: newId(parseEntryId), kind: 'file', name: 'x' }]).size).toBe(0);
});
