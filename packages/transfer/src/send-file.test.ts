import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, copyFileSync, lstatSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseEntryId, parseName, parseWriteId } from '@driftbox/domain';
import type { Name } from '@driftbox/domain';
import { newId, temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import { getLargeFile } from './get-large-file.ts';
import { LocalError } from './local-error.ts';
import { sendFile } from './send-file.ts';
import type { BaseFile, FileRead, FileSender, SendOutcome, SendTarget } from './send-file.ts';
import { Slots } from './slots.ts';
import { memorySide } from './testing/memory-side.ts';
import type { MemorySide } from './testing/memory-side.ts';

let folder: TemporaryFolder;
let side: MemorySide;
beforeEach(async () => {
  folder = await temporaryFolder();
  side = memorySide();
});
afterEach(() => folder.remove());

const at = (name: string): string => `${folder.path}/${name}`;
const mib = 2 ** 20;
const place = { entryId: newId(parseEntryId), parentId: newId(parseEntryId), name: nameOf('f') };
const writeId = newId(parseWriteId);

function nameOf(text: string): Name {
  const parsed = parseName(text);
  if (!parsed.ok) throw new TypeError(parsed.detail);
  return parsed.name;
}

/** Sends the file at `f` and answers what became of it. */
async function send(target: SendTarget = place, run: FileSender = side.run()): Promise<{ outcome: SendOutcome; read: FileRead }> {
  const told: { outcome: SendOutcome; read: FileRead }[] = [];
  const file = { path: at('f'), target, writeId, needs: [], whole: false };
  await sendFile(run, file, (outcome, read) => told.push({ outcome, read }));
  await run.sender.finish();
  expect(told.length).toBe(1);
  return told[0]!;
}

const baseOf = ({ chunks, listId, mtime, executable }: FileRead): { base: BaseFile } => ({
  base: { entryId: place.entryId, rev: 7, chunks: [...chunks], listId, mtime, executable },
});

test.each([0, 5, 3 * mib, 10 * mib])('a new file of %d bytes goes under the ids of its caller, told as it was read', async (size) => {
  writeFileSync(at('f'), randomBytes(size));
  chmodSync(at('f'), 0o755);
  const { outcome, read } = await send();
  expect(outcome).toMatchObject({ outcome: 'committed', entryId: place.entryId });
  expect(read).toMatchObject({ sizeBytes: size, executable: true });
  expect(read.stat).toEqual({ ...lstatSync(at('f'), { bigint: true }), atimeNs: read.stat.atimeNs, atimeMs: read.stat.atimeMs });
  const { chunks, listId: _, stat: __, ...facts } = read;
  expect(side.operations).toEqual([{ op: 'putFile', writeId, ...place, baseRev: null, chunkList: chunks, ...facts }]);
});

test('sent again with the same ids, it asks for the very same thing', async () => {
  writeFileSync(at('f'), randomBytes(2 * mib));
  await send();
  await send();
  expect(side.operations[1]).toEqual(side.operations[0]);
});

test('a file that its base equals is read and not sent; where the bit differs, the bit is sent', async () => {
  writeFileSync(at('f'), 'content');
  const { read } = await send();
  const mark = side.seen.length;
  expect((await send(baseOf(read))).outcome).toEqual({ outcome: 'unchanged' });
  expect(side.seen.length).toBe(mark);
  chmodSync(at('f'), 0o755);
  await send(baseOf(read));
  expect(side.operations.at(-1)).toMatchObject({ op: 'setAttributes', writeId, entryId: place.entryId, baseRev: 7, executable: true });
});

test('a file with bytes added costs few, and is fetched as few over the old one', async () => {
  writeFileSync(at('f'), randomBytes(10 * mib));
  copyFileSync(at('f'), at('old'));
  const first = await send();
  appendFileSync(at('f'), 'tail');
  const mark = side.seen.length;
  const { read } = await send(baseOf(first.read));
  expect(side.operations.at(-1)).toMatchObject({ op: 'putFile', entryId: place.entryId, baseRev: 7 });
  expect(side.seen.slice(mark).reduce((sum, one) => sum + one.bytes, 0)).toBeLessThan(8_000);

  const fetch = (confirm: () => void) =>
    getLargeFile({
      client: side.client,
      drive: side.drive,
      file: { ...read, chunks: [...read.chunks] },
      placement: { target: at('old'), temporary: at('gathering'), confirm },
      old: at('old'),
      slots: new Slots(2),
      signal: new AbortController().signal,
      progressed: () => undefined,
    });
  const changed = (): void => {
    throw new LocalError('changed while it was being replaced');
  };
  await expect(fetch(changed)).rejects.toThrow('changed');
  expect(lstatSync(at('old')).size).toBe(10 * mib);
  const { stat } = await fetch(() => undefined);
  expect([stat.size, stat.mtimeMs]).toEqual([read.stat.size, read.stat.mtimeMs]);
});

test('a file that changes while it is read, or a run that ends, sends no operation', async () => {
  writeFileSync(at('f'), randomBytes(9 * mib));
  const run = side.run();
  const growing = { ...run, progressed: () => appendFileSync(at('f'), 'more') };
  await expect(send(place, growing)).rejects.toThrow('changed while it was being read');
  const ended = new AbortController();
  const ending = { ...side.run(ended.signal), progressed: () => ended.abort() };
  await expect(send(place, ending)).rejects.toThrow('abort');
  expect(side.operations).toEqual([]);
});
