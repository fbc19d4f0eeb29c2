/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: '31a066b8d7c29f162c87303e50256cdc1b701b545ddf2a9e9cbb9c057e5cab4e' },
];
