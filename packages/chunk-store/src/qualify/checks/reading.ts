import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Check } from '../check.ts';
import { refusalOf } from '../refusal.ts';

/** Parts of objects, and lists of them. */
export const readingChecks: readonly Check[] = [
  {
    feature: 'ranges',
    name: 'ranges are read exactly, shorter where the object ends',
    weight: 'needed',
    run: async ({ newKey, put, get }) => {
      const [key, bytes] = [newKey(), randomBytes(100_000)];
      await put(key, bytes);
      for (const [from, to] of [
        [0, 0],
        [5, 70_000],
        [99_990, 200_000],
      ] as const) {
        const { status, body } = await get(key, { range: `bytes=${from}-${to}` });
        assert.equal(status, 206);
        assert(bytes.subarray(from, to + 1).equals(body), `bytes ${from} to ${to} are not these`);
      }
      assert.equal(await refusalOf(get(key, { range: 'bytes=100000-100001' }), 'there was something beyond the end'), 'InvalidRange');
      return undefined;
    },
  },
  {
    feature: 'ordered-lists',
    name: 'lists are in order, page by page after a name, and know new objects at once',
    weight: 'needed',
    run: async ({ client, newKey, put }) => {
      const prefix = `${newKey()}/`;
      const names = Array.from({ length: 25 }, () => `${prefix}${randomBytes(16).toString('hex')}`).sort();
      for (const name of names) await put(name, Buffer.from(name));
      const seen: string[] = [];
      for (let more = true; more;) {
        const page = await client.list(prefix, seen.at(-1) ?? '', 10);
        assert(page.keys.length <= 10, 'a page is longer than asked for');
        seen.push(...page.keys.map(({ key }) => key));
        assert(seen.length <= names.length, 'names come again and again');
        ({ more } = page);
      }
      assert.deepEqual(seen, names);
      const [first = ''] = names;
      await client.send({ method: 'DELETE', key: first }, 'delete');
      assert(!(await client.list(prefix, '', 10)).keys.some(({ key }) => key === first), 'a deleted object is still listed');
      return undefined;
    },
  },
  {
    feature: 'throughput',
    name: 'many large objects at once are written and read right',
    weight: 'needed',
    run: async ({ newKey, put, get }) => {
      const sizeBytes = 4 << 20;
      const objects = Array.from({ length: 16 }, () => ({ key: newKey(), bytes: randomBytes(sizeBytes) }));
      const startMs = performance.now();
      await Promise.all(objects.map(({ key, bytes }) => put(key, bytes)));
      const writtenMs = performance.now();
      const read = await Promise.all(objects.map(({ key }) => get(key)));
      const readMs = performance.now();
      assert(
        objects.every(({ bytes }, index) => bytes.equals(read[index]?.body ?? Buffer.alloc(0))),
        'something else came back',
      );
      const speed = (fromMs: number, toMs: number): string =>
        ((objects.length * sizeBytes) / 2 ** 20 / ((toMs - fromMs) / 1000)).toFixed(0);
      return `4 MiB, 16 at once: ${speed(startMs, writtenMs)} MiB/s written, ${speed(writtenMs, readMs)} MiB/s read`;
    },
  },
];
