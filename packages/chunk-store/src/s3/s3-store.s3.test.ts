import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { testComponent } from '@driftbox/testkit';
import { describePackStore } from '../conformance.ts';
import { PackIdentity, createS3Bucket, hedged, openS3Store, retry, verify } from '../index.ts';
import type { PackStore, S3StoreOptions } from '../index.ts';
import { createS3Client } from './s3-client.ts';

const bucket = `packs-${randomUUID()}`;
const base: S3StoreOptions = { ...testComponent('s3'), bucket };
beforeAll(() => createS3Bucket(base));

const newId = () => PackIdentity.random().id;
const open = (options: Partial<S3StoreOptions> = {}) => openS3Store({ ...base, prefix: `${randomUUID()}/`, ...options });

describePackStore('S3', async () => {
  const store = await open();
  return { store, dispose: async () => store.close() };
});
describePackStore('S3 in all wrappers', async () => {
  const store = await open();
  return { store: retry(verify(hedged(store))), dispose: async () => store.close() };
});

describe('a pack in S3', () => {
  const rest = async <T>(use: (store: PackStore) => Promise<T>, options: Partial<S3StoreOptions> = {}): Promise<T> => {
    const store = await open(options);
    try {
      return await use(store);
    } finally {
      store.close();
    }
  };

  test('larger than a part is sent in parts, is one pack, and is written once', () =>
    rest(
      async (store) => {
        const id = newId();
        const bytes = randomBytes((11 << 20) + 5);
        await store.write(id, [bytes.subarray(0, 6 << 20), bytes.subarray(6 << 20)]);
        expect(await store.stat(id)).toEqual({ id, sizeBytes: bytes.length });
        expect(bytes.equals(await store.read(id))).toBe(true);
        expect(bytes.subarray(5 << 20, (5 << 20) + 10).equals(await store.read(id, { offset: 5 << 20, length: 10 }))).toBe(true);
        await store.write(id, [bytes]);
        const other = Buffer.from(bytes);
        other.writeUInt8(other.readUInt8(7) ^ 1, 7);
        await expect(store.write(id, [other])).rejects.toMatchObject({ kind: 'corrupt' });
      },
      { partBytes: 5 << 20 },
    ));

  test.each([1000, 6 << 20])('of %i bytes that many write at once with other bytes is won by one, and the others are told', (size) =>
    rest(
      async (store) => {
        const id = newId();
        const contents = Array.from({ length: 6 }, () => randomBytes(size));
        const outcomes = await Promise.allSettled(contents.map((bytes) => store.write(id, [bytes])));
        const won = outcomes.map((outcome, index) => ({ outcome, index })).filter(({ outcome }) => outcome.status === 'fulfilled');
        expect(won).toHaveLength(1);
        for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ kind: 'corrupt' });
        expect(contents[won[0]?.index ?? 0]?.equals(await store.read(id))).toBe(true);
      },
      { partBytes: 5 << 20 },
    ),
  );

  test('that does not match its SHA-256 is refused when it comes, and found when it is read', async () => {
    const prefix = `${randomUUID()}/`;
    const id = newId();
    const client = createS3Client(base);
    const bytes = Buffer.from('other bytes than the sum says');
    const sha256Hex = createHash('sha256').update(bytes).digest('hex');
    const put = (headers: Record<string, string>) =>
      client.send({ method: 'PUT', key: `${prefix}${id}`, headers, body: { pieces: [bytes], sizeBytes: bytes.length, sha256Hex } }, 'put');
    await expect(put({ 'x-amz-checksum-sha256': Buffer.alloc(32).toString('base64') })).rejects.toMatchObject({ kind: 'unavailable' });
    await put({ 'x-amz-meta-sha256': '0'.repeat(64) });
    client.close();
    await rest((store) => expect(store.read(id)).rejects.toMatchObject({ kind: 'corrupt' }), { prefix });
  });

  test('lies beside objects that are no packs, and is listed however many of them come first', async () => {
    const prefix = `${randomUUID()}/`;
    const client = createS3Client(base);
    for (const name of ['!first', '!second', '!third', '~last']) await client.send({ method: 'PUT', key: `${prefix}${name}` }, 'put');
    client.close();
    await rest(
      async (store) => {
        expect(await store.list({ limit: 1 })).toEqual({ packs: [] });
        const id = newId();
        await store.write(id, [randomBytes(10)]);
        const page = await store.list({ limit: 1 });
        expect(page).toEqual({ packs: [{ id, sizeBytes: 10 }], next: id });
        expect(await store.list({ after: page.next, limit: 1 })).toEqual({ packs: [] });
      },
      { prefix },
    );
  });
});

test('a bucket that is not there, and a wrong key, are lasting failures', async () => {
  await expect(open({ bucket: `none-${randomUUID()}` })).rejects.toMatchObject({ kind: 'unavailable', transient: false });
  await expect(open({ secretKey: 'wrong' })).rejects.toMatchObject({ kind: 'unavailable', transient: false });
});
