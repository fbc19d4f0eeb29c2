/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: 'aed35c933dcb65361cfa08eb0779f477e5a6cc9ae5ce2fa13eabeb6562220b45' },
];
