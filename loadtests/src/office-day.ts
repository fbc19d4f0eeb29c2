/** A workload of `k6/workloads`, how often it is chosen, and the routes that it asks. */
export type Workload = { readonly name: string; readonly weight: number; readonly routes: readonly string[] };

/** What the people and devices of an office do: mostly ask whether there is anything new. The weights add up to 1. */
export const officeDay: readonly Workload[] = [
  { name: 'poll', weight: 0.55, routes: ['listChanges'] },
  { name: 'list', weight: 0.155, routes: ['listChildren'] },
  { name: 'download', weight: 0.16, routes: ['getContent'] },
  { name: 'upload', weight: 0.12, routes: ['askMissing', 'postCommit'] },
  { name: 'signIn', weight: 0.015, routes: ['logIn', 'refreshToken'] },
];
