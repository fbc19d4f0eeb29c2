import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createClient, piecesOf, readBody } from '@driftbox/api-client';
import type { Transport } from '@driftbox/api-client';
import { parseUploadId } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import fc from 'fast-check';
import { newId } from './new-id.ts';
import { createAsker } from './asker.ts';
import type { PlacedChunk } from './asker.ts';

const uploadId = newId(parseUploadId);
const drive = { drive: uploadId } as unknown as Drive;
const chunk = (index: number): PlacedChunk => ({
  digest: createHash('sha256').update(String(index)).digest('hex') as Digest,
  offset: index,
  sizeBytes: 1,
  bytes: new Uint8Array(1),
});

type Options = { readonly resumed?: boolean; readonly askNothing?: boolean; readonly listed?: boolean };
const listDigest = chunk(-1).digest;

/** Offers chunks 0 to `count` of which the server has those in `has`; answers what is to be sent and how often was asked. */
async function offer(count: number, has: (index: number) => boolean, options: Options = {}) {
  const held = new Set(
    Array.from({ length: count }, (_, index) => index)
      .filter(has)
      .map((index) => chunk(index).digest),
  );
  if (options.listed === true) held.add(listDigest);
  let asked = 0;
  const transport: Transport = async ({ body }) => {
    asked += 1;
    const { digests } = JSON.parse(Buffer.from(await readBody(piecesOf(body), 2 ** 20)).toString()) as { digests: Digest[] };
    const answer = Buffer.from(JSON.stringify({ missing: digests.filter((digest) => !held.has(digest)) }));
    return { status: 200, headers: {}, body: piecesOf(answer) };
  };
  const client = createClient({ transport });
  const asker = createAsker({ client, drive, uploadId: async () => uploadId, sizeBytes: count, resumed: options.resumed ?? false });
  const wanted = asker.begin(options.askNothing ?? false);
  const sent: PlacedChunk[] = [];
  for (let index = 0; index < count; index += 1) sent.push(...(await wanted.offer(chunk(index))));
  const rest = await wanted.rest(() => listDigest);
  sent.push(...rest.chunks);
  return { sent: sent.map((one) => one.offset), asked, hasList: rest.hasList };
}

const someHeld = fc.array(fc.boolean(), { maxLength: 60 });

test('everything that the server lacks is sent, once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(someHeld, fc.boolean(), fc.boolean(), async (held, resumed, askNothing) => {
      const { sent } = await offer(held.length, (index) => held[index]!, { resumed, askNothing });
      expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
      for (const [index, has] of held.entries()) if (!has) expect(sent).toContain(index);
    }),
  );
});

test('a resumed upload sends nothing that the server has', async () => {
  await fc.assert(
    fc.asyncProperty(someHeld, async (held) => {
      const { sent } = await offer(held.length, (index) => held[index]!, { resumed: true });
      expect(sent).toEqual(held.flatMap((has, index) => (has ? [] : [index])));
    }),
  );
});

test('a server that has everything is asked ever less often', async () => {
  const { sent, asked } = await offer(256, () => true);
  expect(sent).toEqual([]);
  expect(asked).toBeLessThanOrEqual(10);
});

test('a server that has everything so far is asked for the list, and only if it lacks that for the rest', async () => {
  expect(await offer(256, () => true, { listed: true })).toEqual({ sent: [], asked: 3, hasList: true });
  const { sent, hasList } = await offer(256, (index) => index < 100);
  expect(sent).toEqual(expect.arrayContaining(Array.from({ length: 156 }, (_, index) => 100 + index)));
  expect(hasList).toBe(false);
});

test('a server that has nothing is asked ever less often', async () => {
  const { sent, asked } = await offer(256, () => false);
  expect(sent.length).toBe(256);
  expect(asked).toBeLessThanOrEqual(20);
});

test('nothing is asked where asking is no use', async () => {
  expect(await offer(20, () => true, { askNothing: true })).toMatchObject({
    asked: 0,
    sent: Array.from({ length: 20 }, (_, index) => index),
  });
});
