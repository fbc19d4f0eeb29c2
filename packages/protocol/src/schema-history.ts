/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: '3d9c99c0967668f2b001ca9473af0613f6d83cd8c89f7a7d3fb77d9b911d69fd' },
];
