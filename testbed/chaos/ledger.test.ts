import { expect, test } from '@jest/globals';
import { digestOf } from '@driftbox/chunking';
import { parseEntryId } from '@driftbox/domain';
import { newId } from '@driftbox/testkit';
import { Ledger, type Content } from './ledger.ts';

const contentOf = (text: string): Content => ({ digest: digestOf(Buffer.from(text)), sizeBytes: text.length });
const place = (name: string) => ({ parentId: newId(parseEntryId), name });

test('an entry is what its acknowledged operations make of it, in the order of its revisions', () => {
  const ledger = new Ledger();
  const entry = newId(parseEntryId);
  const [a, b] = [place('a'), place('b')];
  ledger.acknowledge(entry, { rev: 1, seq: 1, content: contentOf('one'), place: a });
  ledger.acknowledge(entry, { rev: 3, seq: 5, trashed: true });
  expect(ledger.known(true)).toEqual([entry]);
  ledger.acknowledge(entry, { rev: 2, seq: 4, content: contentOf('two'), place: b });
  expect(ledger.expected(entry)).toEqual({ rev: 3, content: contentOf('two'), place: b, trashed: true, purged: false });
  ledger.acknowledge(entry, { rev: 4, seq: 6, trashed: false });
  expect(ledger.known(false)).toEqual([entry]);
  expect(ledger.contents(entry).map(({ rev }) => rev)).toEqual([1, 2]);
  ledger.leave(entry);
  expect([ledger.contents(entry), ledger.known(false), ledger.wrong]).toEqual([[], [], []]);
  expect([ledger.acknowledged, ledger.highestSeq, ledger.bytes]).toEqual([4, 6, 6]);
});

test('what is not acknowledged from its beginning is not known', () => {
  const ledger = new Ledger();
  const entry = newId(parseEntryId);
  ledger.acknowledge(entry, { rev: 2, seq: 2, trashed: true });
  expect([ledger.expected(entry), ledger.known(true)]).toEqual([undefined, []]);
});

test('a revision or a place in the journal that two operations got is wrong', () => {
  const ledger = new Ledger();
  const [one, other] = [newId(parseEntryId), newId(parseEntryId)];
  ledger.acknowledge(one, { rev: 1, seq: 1 });
  ledger.acknowledge(one, { rev: 1, seq: 2 });
  ledger.acknowledge(other, { rev: 1, seq: 2 });
  expect(ledger.wrong).toEqual([
    `revision 1 of ${one} was acknowledged for two operations`,
    `seq 2 was acknowledged for ${one} and for ${other}`,
  ]);
});
