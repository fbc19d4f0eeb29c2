import { expect, test } from '@jest/globals';
import type { MirrorSeen } from './plan-mirror.ts';
import type { PoolAccess } from './pool-access.ts';
import type { PoolObserved } from './pool-observed.ts';
import { poolStatus, type PoolPassed } from './pool-status.ts';
import type { PoolStatus } from './pool.ts';

const place = (pool: string, prefix = `${pool}/`): PoolAccess => ({
  pool,
  endpoint: 'https://s3.example.com',
  bucket: 'packs',
  prefix,
  region: 'us-east-1',
  accessKey: 'a',
  secretKey: 's',
  isBundled: false,
});

function mirrorSeen(seen: Partial<MirrorSeen> = {}): MirrorSeen {
  return { name: 'second', isThere: true, isReady: true, access: place('second'), hasMirror: false, mirrorOf: [], ...seen };
}

function statusOf(mirror: MirrorSeen | undefined, before: Partial<PoolStatus> = {}, passed: Partial<PoolPassed> = {}): PoolStatus {
  const status = { observedGeneration: 1, ...before };
  const metadata = { name: 'main', uid: 'u', generation: 2 };
  const observed = {
    pool: { apiVersion: 'driftbox.io/v1alpha1', kind: 'StoragePool', metadata, spec: {}, status },
    access: place('main'),
    mirror,
    users: [],
    backups: [],
    allocated: 0n,
    used: 0n,
    content: { damagedChunks: 0 },
    epochMs: 0,
  } as unknown as PoolObserved;
  return poolStatus({ observed, phase: { kind: 'probing' }, probe: { kind: 'qualified', features: [] }, ...passed });
}

/** What a pool says, `TYPE=STATUS/REASON` each, after the mirror that cells are told of. */
function said({ mirror = 'none', conditions = [] }: PoolStatus): string[] {
  return [mirror, ...conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`).toSorted()];
}

const messageOf = ({ conditions = [] }: PoolStatus, type: string): string => conditions.find((one) => one.type === type)?.message ?? '';

test('a pool without mirror says nothing of one', () => {
  expect(said(statusOf(undefined))).toEqual(['none', 'Ready=True/Succeeded', 'StorageReady=True/Qualified']);
});

test('a pool is ready once its mirror was, and cells keep what they had until then', () => {
  const awaited = ['MirrorReady=False/Waiting', 'Ready=False/Waiting', 'StorageReady=True/Qualified'];
  const waits = statusOf(mirrorSeen({ isReady: false }));
  expect(said(waits)).toEqual(['none', ...awaited]);
  expect(messageOf(waits, 'Ready')).toBe('waiting for the StoragePool second, its mirror');
  expect(said(statusOf(mirrorSeen({ isReady: false }), { mirror: 'third' }))).toEqual(['third', ...awaited]);
  const used = ['second', 'MirrorReady=True/Available', 'Ready=True/Succeeded', 'StorageReady=True/Qualified'];
  expect(said(statusOf(mirrorSeen()))).toEqual(used);
  expect(said(statusOf(mirrorSeen(), { mirror: 'third' }))).toEqual(used);
  expect(said(statusOf(undefined, { mirror: 'second' }))[0]).toBe('none');
});

test('a mirror that is away later leaves its pool ready, and in use', () => {
  const away = ['second', 'MirrorReady=False/Waiting', 'Ready=True/Succeeded', 'StorageReady=True/Qualified'];
  expect(said(statusOf(mirrorSeen({ isReady: false }), { mirror: 'second' }))).toEqual(away);
  const lost = mirrorSeen({ isThere: false, isReady: false, access: undefined });
  expect(said(statusOf(lost, { mirror: 'second' }))).toEqual(away);
});

test('a pool that cannot be a mirror is refused, with the reason', () => {
  const cases: readonly (readonly [Partial<MirrorSeen>, string, string])[] = [
    [{ isThere: false, isReady: false, access: undefined }, 'ReferenceMissing', 'there is no StoragePool second'],
    [{ hasMirror: true }, 'MirrorRefused', 'the StoragePool second has a mirror itself'],
    [{ mirrorOf: ['z', 'b'] }, 'MirrorRefused', 'this is the mirror of the StoragePool b, and can have none itself'],
    [{ access: place('second', 'main/') }, 'MirrorRefused', 'the StoragePool second is the same place: a second copy is to lie elsewhere'],
  ];
  for (const [seen, reason, why] of cases) {
    const status = statusOf(mirrorSeen(seen));
    const conditions = ['MirrorReady=False/Waiting', 'Ready=False/Stalled', `Stalled=True/${reason}`, 'StorageReady=True/Qualified'];
    expect(said(status)).toEqual(['none', ...conditions]);
    expect(messageOf(status, 'Stalled')).toBe(`spec.mirror: ${why}`);
  }
});

test('what is wrong with the pool itself is said first, and a pass that decides nothing changes no mirror', () => {
  const away = statusOf(mirrorSeen({ isReady: false }), {}, { probe: { kind: 'unreachable', why: 'no answer' } });
  expect(said(away)).toEqual(['none', 'MirrorReady=False/Waiting', 'Ready=False/Failing', 'StorageReady=False/Unreachable']);
  expect(messageOf(away, 'Ready')).toBe('no answer');
  for (const kind of ['paused', 'working'] as const)
    expect(said(statusOf(mirrorSeen(), { mirror: 'third' }, { phase: { kind, message: '' }, probe: undefined }))[0]).toBe('third');
});
