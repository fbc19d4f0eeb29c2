import type { routes } from '@driftbox/protocol';

type RouteName = keyof typeof routes;

/** The workloads of `k6/workloads`, and the routes that each asks. */
export const workloads = {
  poll: ['listChanges'],
  list: ['listChildren'],
  download: ['getContent'],
  upload: ['askMissing', 'postCommit', 'createUpload', 'appendToUpload', 'resolvePath'],
  edit: ['askMissing', 'postCommit'],
  search: ['searchEntries'],
  share: ['postCommit', 'addEntryGrant', 'listGrantedEntries', 'listChildren', 'removeEntryGrant'],
  link: ['createLink', 'getShared', 'listSharedChildren', 'downloadShared', 'readDownload', 'revokeLink'],
  wake: ['postCommit'],
  onboard: ['signUp', 'listDrives', 'askMissing', 'postCommit', 'listChildren'],
  churn: ['askMissing', 'postCommit'],
  viral: ['getShared', 'listSharedChildren', 'downloadShared', 'readDownload'],
  signIn: ['logIn', 'refreshToken'],
} as const satisfies Readonly<Record<string, readonly RouteName[]>>;

export type WorkloadName = keyof typeof workloads;

/** How often each workload is chosen; the weights add up to 1. */
export type Mix = Readonly<Partial<Record<WorkloadName, number>>>;

/** The workloads of a mix with their weights, in its order. */
export function weightsOf(mix: Mix): readonly (readonly [WorkloadName, number])[] {
  return Object.entries(mix) as [WorkloadName, number][];
}

/** All routes that a mix asks, each once. */
export function routesOf(mix: Mix): readonly RouteName[] {
  return [...new Set(weightsOf(mix).flatMap(([name]): readonly RouteName[] => workloads[name]))];
}
