import type { Revision } from './release.ts';

/** What is known of a release when it is decided on. */
export type ReleaseObserved = {
  /** Revisions that Helm has records of, in any order. */
  readonly history: readonly Revision[];
  /** Digest of what it is to be made from. */
  readonly wanted: string;
  /** Objects that differ from the manifest; undefined where nobody looked. */
  readonly drifted?: readonly string[] | undefined;
  /** True where its workloads have not become ready in the time that they get. */
  readonly isUnwell: boolean;
  /** Somebody asked to try again what was rolled back. */
  readonly isRetryAsked: boolean;
  readonly epochMs: number;
};

/** In which of these states a release is. */
export type ReleaseState = 'absent' | 'unmanaged' | 'outOfSync' | 'drifted' | 'locked' | 'inSync' | 'failed' | 'rolledBack';

/** What brings it nearer to what is wanted. */
export type ReleaseAction =
  | { readonly kind: 'none' | 'install' | 'upgrade' | 'correct' }
  | { readonly kind: 'wait'; readonly afterMs: number }
  | { readonly kind: 'unlock'; readonly revision: number }
  /** First the one that failed is marked, so that it is not tried again by itself. */
  | { readonly kind: 'rollback'; readonly from: number; readonly to: number };

/** State and action of a release. */
export type ReleaseJudgement = { readonly state: ReleaseState; readonly action: ReleaseAction };

/** A lock younger than this may have a holder who still writes: a lease of 15 s, and half a minute. */
const lockMs = 45_000;
/** So often what was wanted may fail in a row before what ran before comes back. */
const mostFailures = 3;

/** Decides what to do about a release. Whoever asks is the only one who works on it: a lock that is old has lost its holder. */
export function judgeRelease(observed: ReleaseObserved): ReleaseJudgement {
  const { history, wanted, epochMs } = observed;
  const newestFirst = history.toSorted((a, b) => b.revision - a.revision);
  const latest = newestFirst[0];
  if (latest === undefined || latest.status === 'uninstalled') return { state: 'absent', action: { kind: 'install' } };
  if (isLock(latest)) {
    const leftMs = latest.modifiedMs + lockMs - epochMs;
    return { state: 'locked', action: leftMs > 0 ? { kind: 'wait', afterMs: leftMs } : { kind: 'unlock', revision: latest.revision } };
  }
  if (latest.digest === undefined) return { state: 'unmanaged', action: { kind: 'upgrade' } };
  if (latest.digest === wanted) return judgeWanted(observed, newestFirst, latest);
  const wasRefused = newestFirst.some(({ digest, isRefused }) => isRefused && digest === wanted);
  if (wasRefused && !observed.isRetryAsked && latest.status === 'deployed') return { state: 'rolledBack', action: { kind: 'none' } };
  return { state: latest.status === 'failed' ? 'failed' : 'outOfSync', action: { kind: 'upgrade' } };
}

/** The latest revision is made from what is wanted, but does it work? */
function judgeWanted(observed: ReleaseObserved, newestFirst: readonly Revision[], latest: Revision): ReleaseJudgement {
  const { wanted, drifted = [], isUnwell } = observed;
  const before = newestFirst.find(({ digest, status }) => digest !== undefined && digest !== wanted && isGood(status));
  const others = newestFirst.findIndex(({ digest, status }) => digest !== wanted || status !== 'failed');
  const failures = others === -1 ? newestFirst.length : others;
  const hasFailed = latest.isRefused || isUnwell || failures >= mostFailures;
  if (hasFailed && before !== undefined)
    return { state: 'failed', action: { kind: 'rollback', from: latest.revision, to: before.revision } };
  if (latest.status !== 'deployed') return { state: 'failed', action: { kind: 'upgrade' } };
  if (drifted.length > 0) return { state: 'drifted', action: { kind: 'correct' } };
  return { state: 'inSync', action: { kind: 'none' } };
}

function isLock({ status }: Revision): boolean {
  return status.startsWith('pending-') || status === 'uninstalling';
}

/** It ran once. */
function isGood(status: Revision['status']): boolean {
  return status === 'deployed' || status === 'superseded';
}
