import { expect, test } from '@jest/globals';
import { playShare } from './play-share.ts';

const thread = new URL('./testing/endless-worker.ts', import.meta.url);

test('a seed that never ends is named, and the others are played', async () => {
  const share = { first: 10, count: 13, clients: 2, sharing: false, twiceEvery: 0, offset: 1, step: 1 };
  expect(await playShare(share, 500, thread)).toEqual({ seeds: 12, events: 10, failures: [], endless: [14, 21] });
}, 60_000);
