/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: '8ff2d7e4248cb1f4fc4c7938e6e2e7411d5d45a1dcfb0615867c44a3ca51af2e' },
];
