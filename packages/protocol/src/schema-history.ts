/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: 'b64c826b3cc31bde68577efdf93d133dc1cb053083286477b478ea43d481a319' },
];
