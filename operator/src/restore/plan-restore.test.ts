import assert from 'node:assert/strict';
import fc from 'fast-check';
import { apiVersion, conditionTypes, judge, tenantRestoreKind, type TenantRestoreSpec } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import { taskStatus } from '../backup/task-status.ts';
import { ownId, otherId } from '../testing/observed-tenant.ts';
import { planRestore } from './plan-restore.ts';
import type { RestoreObserved } from './tenant-restore.ts';

const bucket = { endpoint: 'http://s3:9000', bucket: 'b', prefix: '', region: 'us-east-1' };
const destination = { bucket: { ...bucket, credentials: { secret: 's3', accessKey: 'accessKey', secretKey: 'secretKey' } } };
const value = { tenantId: ownId, point: otherId, keySecret: 'driftbox-backup-key', destination };
const done = { takenAt: '2026-01-01T00:00:00.000Z', drives: 1, rows: 9, chunks: 3, sentChunks: 2, sentBytes: 7, damaged: 0 };

function observed(seen: Partial<RestoreObserved> = {}): RestoreObserved {
  const metadata = { name: 'r', uid: 'u', generation: 1 };
  const sent = { apiVersion, kind: 'TenantRestore', metadata: { name: 'r' }, spec: { from: { backup: 'one' }, tenant: 'copy' } };
  const judged = judge(tenantRestoreKind, sent);
  assert(judged.ok, JSON.stringify(judged));
  const { spec } = judged.resource as { spec: TenantRestoreSpec };
  return {
    restore: { apiVersion, kind: 'TenantRestore', metadata, spec },
    spec,
    faults: [],
    source: { kind: 'found', value },
    key: { kind: 'there' },
    target: { kind: 'found', value: { tenantId: otherId, cell: 'eu' } },
    job: { kind: 'none' },
    epochMs: Date.UTC(2026, 0, 1),
    ...seen,
  };
}

/** One pass: what it does, and what is there then. */
function pass(at: RestoreObserved): { readonly steps: readonly string[]; readonly after: RestoreObserved } {
  const plan = planRestore(at);
  if (plan === undefined) return { steps: [], after: at };
  const restore = { ...at.restore, status: taskStatus(at.restore, plan.phase, plan.facts, at.epochMs) };
  const job = plan.steps.includes('restore') ? ({ kind: 'running', task: 'restore' } as const) : at.job;
  return { steps: plan.steps, after: { ...at, restore, job: plan.steps.includes('clear') ? { kind: 'none' } : job } };
}
const said = ({ restore }: RestoreObserved, type: string): string => {
  const found = restore.status?.conditions?.find((one) => one.type === type);
  return `${found?.status}/${found?.reason} ${found?.message}`;
};

test('it starts when everything is known, and is done once', () => {
  const begun = pass(observed());
  expect(begun.steps).toEqual(['restore']);
  const ended = pass({ ...begun.after, job: { kind: 'succeeded', task: 'restore', done } });
  expect(ended.steps).toEqual(['clear']);
  expect(ended.after.restore.status).toMatchObject({ ...done, tenantId: ownId, point: otherId, completionTime: '2026-01-01T00:00:00Z' });
  expect(said(ended.after, 'Ready')).toContain('Set spec.suspended of the Tenant to false');
  expect(pass(ended.after).steps).toEqual([]);
});

test.each<[string, Partial<RestoreObserved>, string]>([
  ['a tenant that is in use', { target: { kind: 'waiting', why: 'set spec.suspended' } }, 'False/Waiting set spec.suspended'],
  ['no tenant', { target: { kind: 'missing', message: 'there is no Tenant' } }, 'False/Stalled there is no Tenant'],
  ['no backup', { source: { kind: 'missing', message: 'there is no TenantBackup' } }, 'False/Stalled there is no TenantBackup'],
  ['a backup that is not whole', { source: { kind: 'waiting', why: 'not whole yet' } }, 'False/Waiting not whole yet'],
  ['no key', { key: { kind: 'absent' } }, 'False/Stalled there is no Secret'],
  ['somebody else at work', { job: { kind: 'others', who: 'TenantBackup two' } }, 'False/Waiting TenantBackup two works'],
])('with %s nothing is begun, and it says so', (_, seen, ready) => {
  const { steps, after } = pass(observed(seen));
  expect(steps).toEqual([]);
  expect(said(after, 'Ready')).toContain(ready);
});

test('what was refused is tried again when the spec changes, or somebody asks', () => {
  const refused = pass({ ...observed(), job: { kind: 'failed', task: 'restore', why: 'set spec.replace to true' } }).after;
  expect(said(refused, 'Stalled')).toContain('True/RunFailed set spec.replace to true');
  expect(pass(refused).steps).toEqual([]);
  // Its pods take their time to end.
  const ending = pass({ ...refused, job: { kind: 'ending', task: 'restore' } }).after;
  expect(pass({ ...ending, job: { kind: 'none' } }).steps).toEqual([]);
  const { metadata } = refused.restore;
  const changed = { ...refused, restore: { ...refused.restore, metadata: { ...metadata, generation: 2 } } };
  expect(pass(changed).steps).toEqual(['restore']);
  const annotations = { 'driftbox.io/requested-at': '2' };
  expect(pass({ ...refused, restore: { ...refused.restore, metadata: { ...metadata, annotations } } }).steps).toEqual(['restore']);
});

test('whatever happens afterwards, one that is done is never done again', () => {
  const ended = pass({ ...pass(observed()).after, job: { kind: 'succeeded', task: 'restore', done } }).after;
  const worlds = fc.record({
    target: fc.constantFrom<RestoreObserved['target']>(ended.target, { kind: 'waiting', why: 'w' }, { kind: 'missing', message: 'm' }),
    job: fc.constantFrom<RestoreObserved['job']>(
      { kind: 'none' },
      { kind: 'others', who: 'x' },
      { kind: 'running', task: 'restore' },
      { kind: 'failed', task: 'restore', why: 'w' },
      { kind: 'succeeded', task: 'restore' },
    ),
    generation: fc.constantFrom(1, 2),
    token: fc.constantFrom('1', '2'),
  });
  fc.assert(
    fc.property(worlds, ({ target, job, generation, token }) => {
      const metadata = { ...ended.restore.metadata, generation, annotations: { 'driftbox.io/requested-at': token } };
      const { steps, after } = pass({ ...ended, target, job, restore: { ...ended.restore, metadata } });
      expect(steps).not.toContain('restore');
      expect(after.restore.status?.completionTime).toBe(ended.restore.status?.completionTime);
      expect(said(after, 'Ready')).toContain('True/Succeeded');
      for (const { type, reason } of after.restore.status?.conditions ?? []) expect(conditionTypes[type]?.reasons).toHaveProperty(reason);
    }),
  );
});
