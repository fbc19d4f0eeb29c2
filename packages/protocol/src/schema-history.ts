/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: 'ee87ffd95eaacaeb9d3d73b2f25fb8d6fda28203e447f3ecc8fac3dcb4792b22' },
];
