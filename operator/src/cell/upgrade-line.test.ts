import { expect, test } from '@jest/globals';
import type { Cell } from './cell.ts';
import { UpgradeLine } from './upgrade-line.ts';

const spec = { version: '0.2.0', profile: 'tiny', domain: 'example.com', pools: ['main'] };
const cell = (name: string, status: Partial<Cell['status']> = {}, annotations: Record<string, string> = {}): Cell => ({
  apiVersion: 'driftbox.io/v1alpha1',
  kind: 'Cell',
  metadata: { name, uid: name, generation: 1, annotations },
  spec,
  status: { observedGeneration: 1, version: '0.1.0', ...status },
});
const lineOf = (...cells: Cell[]) => new UpgradeLine({ list: () => cells });

test('a turn that was given is taken, also before the cache has heard of it, until it is given up', () => {
  const [a, b] = [cell('a'), cell('b')];
  const line = lineOf(a, b);
  expect(line.ask(b, 0)).toMatchObject({ reason: 'AwaitingTurn', message: expect.stringContaining('Cell a, whose turn') });
  expect(line.ask(a, 0)).toEqual({ kind: 'begins' });
  expect(line.ask(a, 0)).toEqual({ kind: 'begins' });
  expect(line.ask(b, 0)).toMatchObject({ reason: 'AwaitingTurn', message: expect.stringContaining('Cell a, whose upgrade') });
  line.giveUp('a');
  expect(line.next(0)).toBe('a');
});

test('who has begun goes on after a start of the operator; who is paused or going keeps nobody waiting', () => {
  const begun = cell('b', { upgrading: '0.2.0' });
  const line = lineOf(cell('a'), begun);
  expect(line.ask(begun, 0)).toEqual({ kind: 'underWay' });
  expect(line.ask(cell('a'), 0)).toMatchObject({ reason: 'AwaitingTurn' });
  const going = { ...begun, metadata: { ...begun.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  expect(lineOf(going, cell('a', {}, { 'driftbox.io/paused': 'true' }), cell('c')).ask(cell('c'), 0)).toEqual({ kind: 'begins' });
});

test.each([
  { type: 'Released', status: 'False', reason: 'RolledBack' },
  { type: 'Stalled', status: 'True', reason: 'ChartRefused' },
] as const)('an upgrade that came to %j holds others back', (said) => {
  const failed = cell('z', { upgrading: '0.2.0', conditions: [{ ...said, message: '', lastTransitionTime: '', observedGeneration: 1 }] });
  expect(lineOf(failed, cell('a')).ask(cell('a'), 0)).toMatchObject({ reason: 'HeldBack' });
});
