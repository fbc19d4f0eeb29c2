/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: '031c1d3d20b4b4431a682326478492e21fcd18d70ea4175790d6a6da4bdb47e5' },
];
