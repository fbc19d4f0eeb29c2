import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { checksumOf, creationOf, TusPerson } from '../testing/tus-person.ts';
import { openWorld, type World } from '../testing/world.ts';

let world: World;
let ada: TusPerson;
let name: string;
let files = 0;
beforeAll(async () => {
  world = await openWorld();
  ada = new TusPerson(world, await world.person());
});
afterAll(() => world?.stop());
beforeEach(() => {
  name = `file ${(files += 1)}.bin`;
});

const mebibyte = 2 ** 20;

describe('a file that comes in pieces', () => {
  test('is saved with the last of them, and not before', async () => {
    const bytes = randomBytes(9 * mebibyte);
    const url = await ada.begin(name, bytes.length);
    for (let from = 0; from < bytes.length; from += 2 * mebibyte) {
      expect(ada.entry(name)).toBeUndefined();
      const piece = bytes.subarray(from, from + 2 * mebibyte);
      const { status, headers } = await ada.append(url, from, piece);
      expect([status, headers.get('upload-offset')]).toEqual([204, String(from + piece.length)]);
      expect(headers.get('tus-resumable')).toBe('1.0.0');
    }
    expect((await ada.content(name)).equals(bytes)).toBe(true);
    expect(await ada.offset(url)).toBe(bytes.length);
  });

  test('of no bytes is there at once', async () => {
    const url = await ada.begin(name, 0);
    expect(await ada.offset(url)).toBe(0);
    expect(await ada.content(name)).toHaveLength(0);
  });

  test('that is cut short goes on from what is durable', async () => {
    const bytes = randomBytes(40 * mebibyte);
    const url = await ada.begin(name, bytes.length);
    const sending = ada.beginAppending(url, 0);
    sending.write(bytes.subarray(0, 30 * mebibyte));
    await waitFor(async () => (await ada.offset(url)) > 0);
    sending.destroy();
    // The server may still be noting what came; who goes on too soon is told so.
    await waitFor(async () => {
      const offset = await ada.offset(url);
      return (await ada.append(url, offset, bytes.subarray(offset))).status === 204;
    });
    expect((await ada.content(name)).equals(bytes)).toBe(true);
  });

  test('keeps time, and replaces what is there as its next revision', async () => {
    for (const [text, rev] of [
      ['one', 1],
      ['two!', 2],
    ] as const) {
      const mtime = `mtime ${Buffer.from('2026-02-03T04:05:06.000Z').toString('base64')}`;
      const metadata = `filename ${Buffer.from(name).toString('base64')},${mtime}`;
      const url = await ada.begin('', text.length, { 'upload-metadata': metadata });
      expect((await ada.append(url, 0, text)).status).toBe(204);
      expect(ada.entry(name)).toMatchObject({ rev, body: { mtimeMs: Date.parse('2026-02-03T04:05:06.000Z') } });
    }
  });

  test('can be given up', async () => {
    const url = await ada.begin(name, 10);
    await ada.append(url, 0, 'half');
    expect(await ada.ask('DELETE', url)).toMatchObject({ status: 204 });
    expect((await ada.ask('HEAD', url)).status).toBe(404);
    expect((await ada.append(url, 4, '!')).code).toBe('not_found');
  });
});

describe('a checksum', () => {
  test('lets a piece in whole', async () => {
    const bytes = randomBytes(3 * mebibyte);
    const url = await ada.begin(name, bytes.length);
    const [one, two] = [bytes.subarray(0, 1000), bytes.subarray(1000)];
    expect((await ada.append(url, 0, one, { 'upload-checksum': checksumOf(one) })).status).toBe(204);
    expect((await ada.append(url, 1000, two, { 'upload-checksum': checksumOf(two) })).status).toBe(204);
    expect((await ada.content(name)).equals(bytes)).toBe(true);
  });

  test('that is wrong lets nothing in', async () => {
    const url = await ada.begin(name, 8);
    const wrong = { 'upload-checksum': checksumOf(Buffer.from('other')) };
    for (const piece of ['abcd', 'abcdefgh']) {
      expect(await ada.append(url, 0, piece, wrong)).toMatchObject({ status: 460, code: 'checksum_mismatch' });
      expect(await ada.offset(url)).toBe(0);
    }
    expect(ada.entry(name)).toBeUndefined();
  });
});

describe('what is refused', () => {
  test.each<[string, Record<string, string>, number, string]>([
    ['another version', { 'tus-resumable': '0.2.2' }, 412, 'version_unsupported'],
    ['no length', { 'upload-length': '' }, 400, 'invalid_argument'],
    ['a length that comes later', { 'upload-length': '', 'upload-defer-length': '1' }, 400, 'invalid_argument'],
    ['a length beyond any file', { 'upload-length': String(6 * 2 ** 40) }, 413, 'too_large'],
    ['no place to go', { 'upload-metadata': '' }, 400, 'invalid_argument'],
    ['a time that is none', { 'upload-metadata': `path YQ==,mtime ${Buffer.from('soon').toString('base64')}` }, 400, 'invalid_argument'],
    ['a folder that is not there', creationOf('nowhere/a', 1), 404, 'not_found'],
  ])('%s', async (_what, headers, status, code) => {
    expect(await ada.ask('POST', ada.endpoint, { ...creationOf('a', 1), ...headers })).toMatchObject({ status, code });
  });

  test('bytes at another offset, of another type, or more than were announced', async () => {
    const url = await ada.begin(name, 4);
    expect(await ada.append(url, 1, 'abc')).toMatchObject({ status: 409, code: 'offset_mismatch' });
    expect(await ada.append(url, 0, 'abc', { 'content-type': 'text/plain' })).toMatchObject({ code: 'invalid_argument' });
    expect(await ada.append(url, 0, 'abcde')).toMatchObject({ status: 413, code: 'too_large' });
    const unmeasured = new ReadableStream<Uint8Array>({
      start: (controller) => (controller.enqueue(Buffer.from('abcde')), controller.close()),
    });
    expect(await ada.append(url, 0, unmeasured)).toMatchObject({ status: 413, code: 'too_large' });
    expect(ada.entry(name)).toBeUndefined();
    expect((await ada.append(url, await ada.offset(url), Buffer.from('abcd').subarray(await ada.offset(url)))).status).toBe(204);
  });

  test('an upload of somebody else', async () => {
    const url = await ada.begin(name, 4);
    const eve = new TusPerson(world, await world.person());
    expect((await eve.ask('HEAD', url)).status).toBe(404);
    expect(await eve.append(url, 0, 'abcd')).toMatchObject({ code: 'not_found' });
  });

  test('of two that send at once one, and the file is whole', async () => {
    const bytes = randomBytes(2 * mebibyte);
    const url = await ada.begin(name, bytes.length);
    const answers = await Promise.all([1, 2, 3].map(() => ada.append(url, 0, bytes.subarray(0, mebibyte))));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'offset_mismatch')).toHaveLength(2);
    expect((await ada.append(url, mebibyte, bytes.subarray(mebibyte))).status).toBe(204);
    expect((await ada.content(name)).equals(bytes)).toBe(true);
  });
});

describe('a guard', () => {
  test('of a new file holds until it is whole; what was refused says that the file has not come', async () => {
    expect((await ada.append(await ada.begin(name, 3), 0, 'old')).status).toBe(204);
    const none = { 'if-none-match': '*' };
    expect(await ada.ask('POST', ada.endpoint, { ...creationOf(name, 1), ...none })).toMatchObject({ code: 'name_taken' });
    const later = `later ${name}`;
    const url = await ada.begin(later, 3, none);
    expect((await ada.append(await ada.begin(later, 5), 0, 'first')).status).toBe(204);
    expect(await ada.append(url, 0, 'new')).toMatchObject({ code: 'name_taken' });
    expect(await ada.offset(url)).toBe(0);
    expect((await ada.content(later)).toString()).toBe('first');
  });
});

test('an upload that nobody goes on with expires, and says until when it will not', async () => {
  const own = await openWorld({ options: { uploadTtlSeconds: 0.001 } });
  try {
    const bob = new TusPerson(own, await own.person());
    const { headers } = await bob.ask('POST', bob.endpoint, creationOf(name, 4));
    expect(Date.parse(headers.get('upload-expires') ?? '')).not.toBeNaN();
    const url = headers.get('location') ?? '';
    await waitFor(async () => (await bob.ask('HEAD', url)).status === 404);
    await waitFor(async () => (await own.upload.expire(own.tenantId)) > 0);
    expect((await bob.append(url, 0, 'late')).code).toBe('not_found');
  } finally {
    await own.stop();
  }
});

test('what is spoken can be asked for', async () => {
  const { status, headers } = await ada.ask('OPTIONS', ada.endpoint);
  expect(status).toBe(204);
  expect(Object.fromEntries(headers)).toMatchObject({
    'tus-version': '1.0.0',
    'tus-extension': 'creation,expiration,checksum,termination',
    'tus-max-size': String(5 * 2 ** 40),
    'tus-checksum-algorithm': 'sha1,sha256,sha512',
  });
});
