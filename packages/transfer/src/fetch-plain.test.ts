import { expect, test } from '@jest/globals';
import { digestOf } from '@driftbox/chunking';
import type { Digest } from '@driftbox/domain';
import fc from 'fast-check';
import { fetchPlain } from './fetch-plain.ts';
import { memorySide } from './testing/memory-side.ts';

/** A side with so many chunks of which it cannot read some. */
function sideWith(count: number, isDamaged: (index: number) => boolean) {
  const side = memorySide();
  const digests = Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.from(`chunk ${index}`);
    const digest = digestOf(bytes);
    side.blobs.set(digest, bytes);
    if (isDamaged(index)) side.damaged.add(digest);
    return digest;
  });
  return { side, digests };
}

async function fetchAll({ client, drive }: ReturnType<typeof memorySide>, digests: readonly Digest[]) {
  const [came, damaged]: [Digest[], Digest[]] = [[], []];
  const options = { damaged: (digest: Digest) => void damaged.push(digest) };
  for await (const { digest } of fetchPlain(client, drive, digests, options)) came.push(digest);
  return { came, damaged };
}

test('whatever is damaged is told once each, and everything else comes, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.uniqueArray(fc.integer({ min: 0, max: 59 })), async (count, indices) => {
      const { side, digests } = sideWith(count, (index) => indices.includes(index));
      const { came, damaged } = await fetchAll(side, digests);
      expect(damaged.toSorted()).toEqual([...side.damaged].toSorted());
      expect(came.toSorted()).toEqual(digests.filter((digest) => !side.damaged.has(digest)).toSorted());
    }),
  );
});

test('one in a thousand costs few requests more', async () => {
  const { side, digests } = sideWith(1_000, (index) => index === 700);
  expect((await fetchAll(side, digests)).damaged).toHaveLength(1);
  expect(side.seen.length).toBeLessThan(30);
});

test('who has no use for the others hears of the damage at once', async () => {
  const { side, digests } = sideWith(3, (index) => index === 1);
  await expect(fetchPlain(side.client, side.drive, digests).next()).rejects.toMatchObject({ code: 'content_damaged' });
});
