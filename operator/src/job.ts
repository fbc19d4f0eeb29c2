import type { KubeObject } from './runtime/index.ts';

type JobCondition = { readonly type: string; readonly status: string; readonly message?: string };

/** A Job as the API has it, as far as its end goes. */
export type Job = KubeObject & { readonly status?: { readonly conditions?: readonly JobCondition[] } };

/** The condition by which a Job has ended, `Complete` or `Failed`; undefined while it may start pods still. */
export function endOfJob({ status }: Job): JobCondition | undefined {
  return status?.conditions?.find(({ type, status: truth }) => truth === 'True' && (type === 'Complete' || type === 'Failed'));
}
