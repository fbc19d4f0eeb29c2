import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describePackStore } from '../conformance.ts';
import { listPacks, openS3Store, PackIdentity } from '../index.ts';
import type { S3Store, S3StoreOptions } from '../index.ts';
import { BucketServer, type BucketCall, type BucketReply } from '../testing/bucket-server.ts';
import { gather } from '../testing/pack-fixture.ts';

const newId = () => PackIdentity.random().id;
const partBytes = 1_000;
const refusal = (status: number, code: string): BucketReply => ({ status, body: `<Error><Code>${code}</Code></Error>` });

let server: BucketServer;
let store: S3Store;
const open = (options: Partial<S3StoreOptions> = {}): Promise<S3Store> => openS3Store({ ...server.options, ...options });
beforeEach(async () => {
  server = await BucketServer.start();
  store = await open({ partBytes });
});
afterEach(async () => {
  store.close();
  await server.close();
});

/** Answers the calls of which `which` is true in the place of the bucket. */
const answering = (which: (call: BucketCall) => boolean, reply: BucketReply): void => {
  server.instead = (call) => (which(call) ? reply : undefined);
};
const isPart = ({ method, query }: BucketCall): boolean => method === 'PUT' && query.has('partNumber');
const isCompletion = ({ method, query }: BucketCall): boolean => method === 'POST' && query.has('uploadId');
const isAbort = ({ method, query }: BucketCall): boolean => method === 'DELETE' && query.has('uploadId');

describe.each([
  ['in one piece', 1 << 20],
  ['in parts', 5_000],
])('over HTTP, packs %s', (name, size) => {
  describePackStore(`the store of a bucket, ${name}`, async () => ({ store: await open({ partBytes: size }) }));
});

describe('a pack that is sent in parts', () => {
  const bytes = randomBytes(5 * partBytes + 1);

  test.each([
    [partBytes, 0],
    [partBytes + 1, 2],
    [2 * partBytes, 2],
    [2 * partBytes + 1, 3],
  ])('of %i bytes has %i of them', async (size, parts) => {
    const id = newId();
    await store.write(id, [bytes.subarray(0, size)]);
    expect(server.calls.filter(isPart)).toHaveLength(parts);
    expect(bytes.subarray(0, size).equals(await store.read(id))).toBe(true);
    expect(server.uploads.size).toBe(0);
  });

  test('keeps their order in whatever order they arrive, and says what each must hash to', async () => {
    const id = newId();
    await store.write(id, [bytes.subarray(0, 1_500), bytes.subarray(1_500)]);
    const completion = server.calls.find(isCompletion);
    const numbers = [...(completion?.body.toString() ?? '').matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number));
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6]);
    expect(completion?.headers['if-none-match']).toBe('*');
    for (const { headers } of server.calls.filter(isPart)) expect(headers['x-amz-checksum-sha256']).toHaveLength(44);
  });

  test('is given up when a part fails, and nothing more of it is sent after that', async () => {
    const id = newId();
    const long = randomBytes(40 * partBytes);
    answering((call) => isPart(call) && call.query.get('partNumber') === '2', refusal(503, 'SlowDown'));
    await expect(store.write(id, [long])).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    const last = server.calls.findIndex(isAbort);
    expect(last).toBe(server.calls.length - 1);
    expect(server.calls.filter(isPart).length).toBeLessThan(20);
    expect(server.uploads.size).toBe(0);
    server.instead = () => undefined;
    await store.write(id, [long]);
    expect(long.equals(await store.read(id))).toBe(true);
  });

  test('fails as it failed when it cannot be given up either; what is left is ended later', async () => {
    server.instead = (call) => {
      if (isPart(call)) return refusal(507, 'InsufficientStorage');
      return isAbort(call) ? refusal(403, 'AccessDenied') : undefined;
    };
    await expect(store.write(newId(), [bytes])).rejects.toMatchObject({ kind: 'full', transient: false });
    expect(server.uploads.size).toBe(1);
    server.instead = () => undefined;
    expect(await store.endUnfinished(3_600_000)).toEqual({ ended: 0, left: 1 });
    expect(await store.endUnfinished(-3_600_000)).toEqual({ ended: 1, left: 0 });
    expect(server.uploads.size).toBe(0);
  });

  test.each(['InternalError', 'SlowDown'])('is not written when %s is told after the status of success', async (code) => {
    const id = newId();
    answering(isCompletion, { status: 200, body: `<Error><Code>${code}</Code></Error>` });
    await expect(store.write(id, [bytes])).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining(code) });
    expect([server.objects.size, server.uploads.size]).toEqual([0, 0]);
  });

  test('whose name is taken while it is sent is compared with what took it', async () => {
    const [same, other] = [newId(), newId()];
    const taken: BucketReply = { status: 200, body: '<Error><Code>PreconditionFailed</Code></Error>' };
    server.instead = (call) => {
      if (!isCompletion(call)) return undefined;
      const metadata = server.uploads.get(call.query.get('uploadId') ?? '')?.metadata ?? {};
      const isSame = call.key.endsWith(same);
      server.objects.set(call.key, { bytes, metadata: isSame ? metadata : { 'x-amz-meta-sha256': '0'.repeat(64) } });
      return taken;
    };
    await store.write(same, [bytes]);
    await expect(store.write(other, [bytes])).rejects.toMatchObject({ kind: 'corrupt', transient: false });
  });

  test('is not begun where no upload id comes back, nor where its name is known to be taken', async () => {
    answering(({ query }) => query.has('uploads'), { status: 200, body: '<Result/>' });
    await expect(store.write(newId(), [bytes])).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('upload id'),
    });
    server.instead = () => undefined;
    const id = newId();
    await store.write(id, [bytes]);
    const before = server.calls.filter(isPart).length;
    await store.write(id, [bytes]);
    expect(server.calls.filter(isPart)).toHaveLength(before);
  });
});

describe('answers of a bucket that are odd', () => {
  const bytes = randomBytes(100);

  test('the whole object for a range gives the range all the same', async () => {
    const id = newId();
    await store.write(id, [bytes]);
    server.lacks.add('ranges');
    for (const [offset, length] of [
      [0, 1],
      [40, 20],
      [90, 50],
      [100, 5],
    ] as const)
      expect(Buffer.from(await store.read(id, { offset, length }))).toEqual(bytes.subarray(offset, offset + length));
  });

  test.each(['bytes', 'metadata'] as const)('a pack whose %s were lost is corrupt, and so is another under its name', async (flaw) => {
    const id = newId();
    server.lacks.add(flaw);
    await store.write(id, [bytes]);
    await expect(store.read(id)).rejects.toMatchObject({ kind: 'corrupt', transient: false });
    await expect(store.write(id, [bytes])).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test.each([
    [403, 'AccessDenied', 'unavailable', false],
    [404, 'NoSuchBucket', 'unavailable', false],
    [429, 'SlowDown', 'unavailable', true],
    [500, 'InternalError', 'unavailable', true],
    [503, 'SlowDown', 'unavailable', true],
    [507, 'XMinioStorageFull', 'full', false],
  ])('status %i with %s is %s to every call', async (status, code, kind, transient) => {
    const id = newId();
    answering(({ method }) => method !== 'HEAD', refusal(status, code));
    const calls = [
      store.write(id, [bytes]),
      store.read(id),
      store.read(id, { offset: 0, length: 1 }),
      store.list({ limit: 1 }),
      store.delete(id),
      store.listForeign(1),
      store.endUnfinished(0),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      // Of what minio would repeat by itself nobody reads the code: the status says enough.
      const told = status === 500 || status === 503 || status === 429 ? { kind: 'unavailable', transient: true } : { kind, transient };
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', ...told } });
    }
  });

  test('a bucket that is not there is a lasting failure, as it is opened', async () => {
    server.instead = () => ({ status: 404 });
    await expect(open()).rejects.toMatchObject({ kind: 'unavailable', transient: false, message: 'there is no bucket bucket' });
    server.instead = () => ({ status: 403 });
    await expect(open()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('uploads of which something is missing, or whose time is none, are nobody’s to end', async () => {
    const key = `packs/${newId()}`;
    const of = (inner: string): string => `<Upload>${inner}</Upload>`;
    const [id, at] = ['<UploadId>1</UploadId>', '<Initiated>2000-01-01T00:00:00Z</Initiated>'];
    const listed = [of(`<Key>${key}</Key>${at}`), of(`${id}${at}`), of(`<Key>${key}</Key>${id}`), of(`<Key>packs/README</Key>${id}${at}`)];
    const strange = of(`<Key>${key}</Key>${id}<Initiated>yesterday</Initiated>`);
    answering(({ query }) => query.has('uploads'), { status: 200, body: `<Result>${listed.join('')}${strange}</Result>` });
    expect(await store.endUnfinished(0)).toEqual({ ended: 0, left: 1 });
    expect(server.calls.filter(isAbort)).toEqual([]);
  });
});

describe('listing a bucket', () => {
  test('finds every pack among foreign objects, whatever the size of the pages', async () => {
    const ids = Array.from({ length: 7 }, newId).sort();
    const names = ['!0', '!1', '!2', 'README', ...ids.map((id) => `${id}.old`), '~0', '~1'];
    for (const id of ids) await store.write(id, [randomBytes(3)]);
    for (const name of names) server.objects.set(`packs/${name}`, { bytes: Buffer.alloc(1), metadata: {} });
    server.objects.set('other/thing', { bytes: Buffer.alloc(1), metadata: {} });
    expect((await gather(listPacks(store))).map(({ id }) => id)).toEqual(ids);
    for (let limit = 1; limit < 5; limit += 1) {
      const seen: string[] = [];
      for (let page = await store.list({ limit }); ; page = await store.list({ after: page.next, limit })) {
        seen.push(...page.packs.map(({ id }) => id));
        if (page.next === undefined) break;
      }
      expect(seen).toEqual(ids);
    }
    const foreign = names.map((name) => `packs/${name}`).sort();
    expect(await store.listForeign(100)).toEqual(foreign);
    expect(await store.listForeign(4)).toEqual(foreign.slice(0, 4));
    expect(await store.listForeign(0)).toEqual([]);
  });
});
