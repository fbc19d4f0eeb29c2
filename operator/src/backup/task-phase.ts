import type { Trouble } from '../cell/cell-observed.ts';
import { requestedAt } from '../annotations.ts';
import type { Condition, WithStatus } from '../runtime/index.ts';
import type { JobSeen } from './see-job.ts';

/** How far a task is that a Job does once, which is what the conditions of its object say. */
export type TaskPhase =
  | { readonly kind: 'paused' }
  | { readonly kind: 'done' | 'working' | 'waiting' | 'removing' | 'retaining'; readonly message: string }
  | ({ readonly kind: 'stalled' } & Trouble);

/** What the status of every such object has. */
export type TaskStatus = {
  readonly observedGeneration: number;
  readonly conditions?: readonly Condition[];
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly requestedAt?: string;
};

/** What is newly known, and stays. */
export type TaskFacts<Status extends TaskStatus> = Omit<Status, 'observedGeneration' | 'conditions' | 'requestedAt'>;

/** What a pass does, in this order, and what it says: `clear` ends the Job, and with it the lock. */
export type TaskPlan<Step extends string, Status extends TaskStatus> = {
  readonly steps: readonly Step[];
  readonly phase: TaskPhase;
  readonly facts: TaskFacts<Status>;
};

/** What follows from the Job that there is, for whoever wants its work done; undefined where there is none. */
export type JobFollowed =
  | { readonly steps: readonly 'clear'[]; readonly phase: TaskPhase }
  | { readonly done: Readonly<Record<string, string | number>> };

/** Follows a Job for an object. What one said that gave up stands while it is being ended: else it would be begun again. */
export function followJob(object: WithStatus<TaskStatus>, job: JobSeen): JobFollowed | undefined {
  switch (job.kind) {
    case 'none':
      return undefined;
    case 'others':
      return { steps: [], phase: { kind: 'waiting', message: workedOn(job.who) } };
    case 'running':
      return { steps: [], phase: { kind: 'working', message: 'the Job is at work' } };
    case 'ending':
      return { steps: [], phase: failedBefore(object) ?? { kind: 'working', message: endingStill } };
    case 'failed':
      return { steps: ['clear'], phase: { kind: 'stalled', reason: 'RunFailed', message: adviceAfter(job.why) } };
    case 'succeeded':
      // Another run finds everything done, and says the same.
      if (job.done === undefined)
        return { steps: ['clear'], phase: { kind: 'working', message: 'what the Job said is lost, so it is asked again' } };
      return { done: job.done };
  }
}

export const endingStill = 'a Job of before is still being ended';

/** Who has the lock, for people. */
export function workedOn(who: string): string {
  return `${who} works with the backups of this tenant; one at a time does`;
}

function adviceAfter(why: string): string {
  return `${why}. To try again, annotate driftbox.io/requested-at with a new value; what was done already is not done again`;
}

/** What an object says whose Job gave up, until somebody asks for another or changes the spec. */
export function failedBefore(object: WithStatus<TaskStatus>): TaskPhase | undefined {
  const { status, metadata } = object;
  const before = status?.conditions?.find(({ type, reason }) => type === 'Stalled' && reason === 'RunFailed');
  const isAsked = requestedAt(object) !== status?.requestedAt || metadata.generation !== status?.observedGeneration;
  return before === undefined || isAsked ? undefined : { kind: 'stalled', reason: 'RunFailed', message: before.message };
}

/** True for a Job that works for whoever looked. */
export function isOwn(job: JobSeen): job is Exclude<JobSeen, { readonly kind: 'none' | 'others' }> {
  return job.kind !== 'none' && job.kind !== 'others';
}

/** RFC 3339, in whole seconds. */
export function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
