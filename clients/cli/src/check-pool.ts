import { routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import type { Client } from '@driftbox/api-client';
import type { Output } from './output.ts';
import { showBytes, visible } from './output.ts';

type Answer = AnswerOf<Routes['checkPoolInUpload']>;

/** `admin fsck` without a tenant: what lies in the pool and belongs to nothing. */
export async function checkPool(client: Client, output: Output): Promise<void> {
  const found = await client.call(routes.checkPoolInUpload);
  output.result(found, () => [
    ...found.strays.map(
      ({ packId, sizeBytes, seenAt }) => `stray: ${packId} (${showBytes(sizeBytes)}), without a row since ${seenAt} at least`,
    ),
    ...found.foreign.map((name) => `foreign: ${visible(name)}`),
    summaryOf(found),
  ]);
}

function summaryOf({ strayPacks, strayBytes, foreign, lookedSecondsAgo }: Answer): string {
  const when = lookedSecondsAgo === undefined ? 'the pool was not looked over yet' : `looked over ${lookedSecondsAgo} s ago`;
  return `${strayPacks} stray packs (${showBytes(strayBytes)}), ${foreign.length} foreign names; ${when}`;
}
