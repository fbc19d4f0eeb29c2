import { conditionTypes } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import { deletedBackup, madePoint, observedBackup, passBackup, playBackup } from '../testing/observed-backup.ts';
import type { BackupObserved } from './backup-observed.ts';
import { longestRemovalMs, planBackup } from './plan-backup.ts';
import { taskStatus } from './task-status.ts';

const doings = (observed: BackupObserved): string => playBackup(observed).steps.join(' ');
const said = ({ backup }: BackupObserved): string[] =>
  (backup.status?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status}/${reason}`);
const messageOf = ({ backup }: BackupObserved, wanted: string): string =>
  backup.status?.conditions?.find(({ type }) => type === wanted)?.message ?? '';
const begun = (): BackupObserved => {
  let at = observedBackup();
  while (at.job.kind !== 'running') at = passBackup(at).after;
  return at;
};
const failed = (): BackupObserved => passBackup({ ...begun(), job: { kind: 'failed', task: 'create', why: 'the bucket is full' } }).after;
const annotated = (observed: BackupObserved, annotations: Readonly<Record<string, string>>): BackupObserved => ({
  ...observed,
  backup: { ...observed.backup, metadata: { ...observed.backup.metadata, annotations } },
});

test('one that was just made is protected, begun and made once', () => {
  const { steps, end } = playBackup(observedBackup());
  expect(steps.join(' ')).toBe('protect makeKey create clear');
  expect(said(end)).toEqual(['Ready=True/Succeeded']);
  const { id, ...figures } = madePoint;
  expect(end.backup.status).toMatchObject({ ...figures, point: id, startTime: expect.any(String), completionTime: expect.any(String) });
  // Not again, whatever has become of the tenant.
  expect(doings({ ...end, tenant: { kind: 'missing', message: 'gone' }, destination: { missing: { reason: 'x', message: 'x' } } })).toBe(
    '',
  );
});

test.each<[string, Partial<BackupObserved>, string, string]>([
  ['no tenant', { tenant: { kind: 'missing', message: 'there is no Tenant' } }, 'Stalled=True/ReferenceMissing', 'there is no Tenant'],
  ['a tenant without place', { tenant: { kind: 'waiting', why: 'no place yet' } }, 'Ready=False/Waiting', 'no place yet'],
  [
    'no Secret',
    { destination: { missing: { reason: 'SecretIncomplete', message: 'no secretKey' } } },
    'Stalled=True/SecretIncomplete',
    'no secretKey',
  ],
  [
    'a key that was lost',
    { key: { kind: 'missing', trouble: { reason: 'ReferenceMissing', message: 'put it back' } } },
    'Stalled=True/ReferenceMissing',
    'put it back',
  ],
  ['somebody else at work', { job: { kind: 'others', who: 'TenantBackup two' } }, 'Ready=False/Waiting', 'TenantBackup two works'],
])('with %s it waits and says so', (_, seen, condition, message) => {
  const { steps, end } = playBackup(observedBackup({}, seen));
  expect(steps).toEqual(['protect']);
  expect(said(end)).toContain(condition);
  expect(messageOf(end, 'Ready')).toContain(message);
});

test('one whose Job gave up says why, frees the lock, and tries again only when it is asked to', () => {
  const at = failed();
  expect(at.job.kind).toBe('none');
  expect(said(at)).toEqual(['Ready=False/Stalled', 'Stalled=True/RunFailed']);
  expect(messageOf(at, 'Stalled')).toContain('the bucket is full. To try again, annotate driftbox.io/requested-at');
  expect(doings(at)).toBe('');
  // Its pods take their time to end.
  const ending = passBackup({ ...at, job: { kind: 'ending', task: 'create' } }).after;
  expect(said(ending)).toEqual(['Ready=False/Stalled', 'Stalled=True/RunFailed']);
  expect(doings({ ...ending, job: { kind: 'none' } })).toBe('');
  const again = playBackup(annotated({ ...at, key: { kind: 'there' } }, { 'driftbox.io/requested-at': 'now-2' }));
  expect(again.steps.join(' ')).toBe('create clear');
  expect(said(again.end)).toEqual(['Ready=True/Succeeded']);
});

test('what a Job said and nobody read is asked for again', () => {
  expect(doings({ ...begun(), job: { kind: 'succeeded', task: 'create' } })).toBe('clear create clear');
});

test.each<[string, BackupObserved, string]>([
  ['made', playBackup(observedBackup()).end, 'remove clear unprotect'],
  ['made and to be kept', playBackup(observedBackup({ deletionPolicy: 'Retain' })).end, 'unprotect'],
  ['never begun', passBackup(observedBackup()).after, 'unprotect'],
  ['half made', begun(), 'clear remove clear unprotect'],
])('one that was %s goes', (_, observed, expected) => {
  expect(doings(deletedBackup(observed))).toBe(expected);
});

test('one whose bucket does not answer goes after an hour, or when somebody says so, and the point stays', () => {
  const made = playBackup(observedBackup()).end;
  const stuck = { ...deletedBackup(made), destination: { missing: { reason: 'ReferenceMissing', message: 'there is no Secret s3' } } };
  expect(doings(stuck)).toBe('');
  const { after } = passBackup(stuck);
  expect(messageOf(after, 'Deleting')).toContain('there is no Secret s3. It is tried for an hour');
  expect(doings({ ...stuck, epochMs: stuck.epochMs + longestRemovalMs + 1_000 })).toBe('unprotect');
  expect(doings(annotated(stuck, { 'driftbox.io/abandon': 'backup-uid' }))).toBe('unprotect');
  const failing = passBackup({ ...deletedBackup(made), job: { kind: 'failed', task: 'remove', why: 'no answer' } });
  expect(failing.steps).toEqual(['clear']);
  expect(messageOf(failing.after, 'Deleting')).toContain('no answer');
});

test('a paused one is left alone', () => {
  const paused = { 'driftbox.io/paused': 'true' };
  expect(doings(annotated(observedBackup(), paused))).toBe('');
  expect(doings(annotated(deletedBackup(begun()), paused))).toBe('');
});

test('it says nothing that the catalogue of conditions does not list', () => {
  const going = deletedBackup(playBackup(observedBackup()).end);
  const wrong = { ...observedBackup(), spec: undefined, faults: ['spec.x: wrong'] };
  const all = [observedBackup(), begun(), failed(), going, wrong, annotated(begun(), { 'driftbox.io/paused': 'true' })];
  for (const one of all) {
    const plan = planBackup(one);
    if (plan === undefined) throw new Error('there is something to say');
    for (const { type, reason } of taskStatus(one.backup, plan.phase, plan.facts, one.epochMs, 'no answer').conditions ?? [])
      expect(conditionTypes[type]?.reasons).toHaveProperty(reason);
  }
});
