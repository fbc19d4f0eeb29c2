/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: '03598b654bd714e7a4898c3c2ca2039c2805890e95dbc2ee1bc697acd7228ac5' },
];
