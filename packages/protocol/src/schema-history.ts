/**
 * What each version of the protocol looked like: `schemaHash()` when it was made. Until the first release version 1 may still
 * be rewritten in place; from then on a change of the schemas is a new version and a new line.
 */
export const schemaHistory: readonly { readonly version: number; readonly hash: string }[] = [
  { version: 1, hash: '707e2c352730f92bd4e7f5eeb61ebca5cebe1b2bf2f0cdbc40aa3909a57a8619' },
];
