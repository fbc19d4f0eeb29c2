import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { chunk, useScene, type Scene } from './testing/scene.ts';

let { ada, eve, folder, file, commit } = {} as Scene;
useScene((scene) => {
  ({ ada, eve, folder, file, commit } = scene);
});

test('search finds names wherever the caller may read, without accents or case, and nothing in the trash', async () => {
  const d = folder('Été');
  const f = file('rete.txt', [chunk('r')], { parentId: d.entryId });
  const lost = folder('lost');
  const below = file('etE2', [chunk('s')], { parentId: lost.entryId });
  await commit([d, f, lost, below]);
  await commit([{ op: 'delete', entryId: lost.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 4 }]);
  const first = await ada.user.call(routes.searchEntries, { query: { q: 'ETE', limit: 1 } });
  expect(first.items).toMatchObject([{ name: 'Été', path: '/Été' }]);
  const second = await ada.user.call(routes.searchEntries, { query: { q: 'ETE', cursor: first.nextCursor } });
  expect(second.items).toMatchObject([{ name: 'rete.txt', path: '/Été/rete.txt' }]);
  expect((await ada.user.call(routes.searchEntries, { query: { type: 'file', minSize: 10 } })).items).toHaveLength(1);
  expect((await ada.user.call(routes.searchEntries, { query: { q: '%' } })).items).toEqual([]);
  expect((await eve.user.call(routes.searchEntries, { query: { q: 'ETE' } })).items).toEqual([]);
});
