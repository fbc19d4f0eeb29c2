import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Check } from '../check.ts';
import { refusalOf } from '../refusal.ts';

/** Whole objects: written, read, kept from damage and from each other. */
export const objectChecks: readonly Check[] = [
  {
    feature: 'read-after-write',
    name: 'what was written is read at once, byte for byte, with its metadata',
    weight: 'needed',
    run: async ({ newKey, put, get }) => {
      for (const size of [0, 1, 70_000, 6 << 20]) {
        const [key, bytes] = [newKey(), randomBytes(size)];
        await put(key, bytes, { 'x-amz-meta-sha256': 'abc' });
        const { body, headers } = await get(key);
        assert(bytes.equals(body), `${size} bytes came back as ${body.length} others`);
        assert.equal(headers['x-amz-meta-sha256'], 'abc', 'user metadata was lost');
      }
      return undefined;
    },
  },
  {
    feature: 'checksums',
    name: 'bytes that do not match their SHA-256 are refused',
    weight: 'needed',
    run: async ({ newKey, put, get }) => {
      const key = newKey();
      await refusalOf(put(key, randomBytes(1000), { 'x-amz-checksum-sha256': Buffer.alloc(32).toString('base64') }), 'they were taken');
      await refusalOf(get(key), 'they were refused and kept');
      return undefined;
    },
  },
  {
    feature: 'conditional-put',
    name: 'an object is made only if its name is free, where that is asked for',
    weight: 'needed',
    run: async ({ newKey, put, get }) => {
      const [key, first] = [newKey(), randomBytes(1000)];
      await put(key, first, { 'if-none-match': '*' });
      const code = await refusalOf(put(key, randomBytes(1000), { 'if-none-match': '*' }), 'a taken name was taken again');
      assert.equal(code, 'PreconditionFailed');
      assert(first.equals((await get(key)).body), 'the first object was replaced');
      return undefined;
    },
  },
  {
    feature: 'conditional-put-at-once',
    name: 'of twenty who write one free name at once, one wins and its bytes stay',
    weight: 'needed',
    run: async ({ newKey, put, get }) => {
      for (let round = 0; round < 2; round += 1) {
        const [key, contents] = [newKey(), Array.from({ length: 20 }, () => randomBytes(10_000))];
        const outcomes = await Promise.allSettled(contents.map((bytes) => put(key, bytes, { 'if-none-match': '*' })));
        const won = contents.filter((_, index) => outcomes[index]?.status === 'fulfilled');
        assert.equal(won.length, 1, `${won.length} won`);
        assert(won[0]?.equals((await get(key)).body), "somebody else's bytes stayed");
      }
      return undefined;
    },
  },
  {
    feature: 'delete',
    name: 'what is deleted is gone at once, and deleting what is not there succeeds',
    weight: 'needed',
    run: async ({ client, newKey, put, get }) => {
      const key = newKey();
      await put(key, randomBytes(10));
      for (let n = 0; n < 2; n += 1) await client.send({ method: 'DELETE', key }, 'delete');
      assert.equal(await refusalOf(get(key), 'it is still there'), 'NoSuchKey');
      return undefined;
    },
  },
];
