/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: 'c4b23a318def460060dc950b3d8083f5a37a0dbb0af92edecd334022a4d5d918' },
];
