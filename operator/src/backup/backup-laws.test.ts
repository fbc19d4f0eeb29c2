import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { deletedBackup, jobDone, observedBackup, passBackup, playBackup } from '../testing/observed-backup.ts';
import type { BackupObserved } from './backup-observed.ts';

/** What the cluster and its processes do to a backup between passes. */
const happenings = fc.array(
  fc.oneof(
    fc.record({ pass: fc.nat({ max: 3 }) }),
    fc.constantFrom('jobDone', 'jobFailed', 'wordsLost', 'asked', 'deleted', 'tenantGone', 'hour'),
  ),
  { maxLength: 30 },
);
type Happening = { readonly pass: number } | string;

function happen(at: BackupObserved, what: Happening, number: number): BackupObserved {
  if (typeof what !== 'string') return passBackup(at, what.pass).after;
  const { job, backup } = at;
  switch (what) {
    case 'jobDone':
      return jobDone(at);
    case 'jobFailed':
      return job.kind === 'running' ? { ...at, job: { kind: 'failed', task: job.task, why: 'no answer' } } : at;
    case 'wordsLost':
      return job.kind === 'running' ? { ...at, job: { kind: 'succeeded', task: job.task } } : at;
    case 'asked':
      return { ...at, backup: { ...backup, metadata: { ...backup.metadata, annotations: { 'driftbox.io/requested-at': `${number}` } } } };
    case 'deleted':
      return backup.metadata.deletionTimestamp === undefined ? deletedBackup(at) : at;
    case 'tenantGone':
      return { ...at, tenant: { kind: 'missing', message: 'there is no Tenant acme' } };
    default:
      return { ...at, epochMs: at.epochMs + 3_600_001 };
  }
}

test('whatever happens, a whole point stays whole, is never made twice, and removed only with its object', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      let at = observedBackup();
      for (const [number, what] of all.entries()) {
        const { completionTime, point, tenantId } = at.backup.status ?? {};
        const { deletionTimestamp } = at.backup.metadata;
        const { steps, after } = typeof what === 'string' ? { steps: [], after: happen(at, what, number) } : passBackup(at, what.pass);
        if (completionTime !== undefined) {
          expect(steps).not.toContain('create');
          expect(after.backup.status).toMatchObject({ completionTime, point });
        }
        // Whoever removes it must know where it is.
        if (steps.includes('create')) expect(tenantId).toBeDefined();
        if (deletionTimestamp === undefined) expect(steps).not.toContain('remove');
        else expect(steps).not.toContain('create');
        at = after;
      }
    }),
  );
});

test('once it is left in peace, it comes to an end: made, said why not, or gone', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const { end } = playBackup(all.reduce<BackupObserved>(happen, observedBackup()));
      const ready = end.backup.status?.conditions?.find(({ type }) => type === 'Ready');
      if (end.backup.metadata.deletionTimestamp !== undefined) expect(end.backup.metadata.finalizers ?? []).toEqual([]);
      else expect(['Succeeded', 'Stalled']).toContain(ready?.reason);
    }),
  );
});
