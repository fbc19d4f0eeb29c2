import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import fc from 'fast-check';
import { fileFacts } from './file-facts.ts';
import { IncomingFile } from './incoming-file.ts';

let folder: TemporaryFolder;
let target: string;
let temporary: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  target = `${folder.path}/file`;
  temporary = `${folder.path}/elsewhere.tmp`;
});
afterEach(() => folder.remove());

const facts = { sizeBytes: 3, mtimeMs: 1_000, executable: false };
const bytes = Buffer.from('new');

test('takes its place as a whole, with time and bit to the millisecond, and says what it looks like there', async () => {
  // Past the year 2038, before 1970, and the edges of seconds: a time that is off by one would be fetched for ever.
  const mtimeMs = fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -1e12, max: 0 }));
  await fc.assert(
    fc.asyncProperty(mtimeMs, fc.boolean(), async (ms, executable) => {
      const file = new IncomingFile({ target, temporary });
      await file.write(bytes, 0);
      const stat = await file.finish({ ...facts, mtimeMs: ms, executable });
      expect(fileFacts(stat)).toEqual({ sizeBytes: 3, mtimeMs: ms, executable });
      expect(stat).toEqual(lstatSync(target, { bigint: true }));
      expect([readFileSync(target, 'utf8'), existsSync(temporary)]).toEqual(['new', false]);
    }),
    { numRuns: 200 },
  );
});

test('takes no place that is not confirmed, and sees it last of all', async () => {
  writeFileSync(target, 'mine');
  const confirm = (): void => {
    expect(readFileSync(temporary, 'utf8')).toBe('new');
    throw new RangeError('somebody was here');
  };
  const file = new IncomingFile({ target, temporary, confirm });
  await file.write(bytes, 0);
  await expect(file.finish(facts)).rejects.toThrow('somebody was here');
  await file.abandon(false);
  expect([readFileSync(target, 'utf8'), existsSync(temporary)]).toEqual(['mine', false]);
});

test('goes on from what an earlier run left, and drops what is too much', async () => {
  writeFileSync(temporary, 'nothing that anybody wants');
  const file = new IncomingFile({ target, temporary });
  await file.write(bytes, 0);
  await file.finish(facts);
  expect(readFileSync(target, 'utf8')).toBe('new');
});

test('writes neither through a link nor after it was given up', async () => {
  writeFileSync(target, 'mine');
  symlinkSync(target, temporary);
  expect(() => new IncomingFile({ target, temporary })).toThrow('ELOOP');
  const file = new IncomingFile({ target: `${folder.path}/other`, temporary: `${folder.path}/kept` });
  // Given up while threads still write: they finish first, and no more is begun.
  const large = file.write(Buffer.alloc(1 << 20), 0);
  await file.abandon(true);
  await large;
  await expect(file.write(bytes, 0)).rejects.toThrow('given up');
  expect([existsSync(`${folder.path}/kept`), readFileSync(target, 'utf8')]).toEqual([true, 'mine']);
});
