import type { NameRules } from '../reconcile-input.ts';

/** A file system that tells all names apart, and one that does not mind case and cannot hold a colon. */
export const exactNames: NameRules = { exact: true, keyOf: (name) => name, representable: () => true };
export const foldingNames: NameRules = { exact: false, keyOf: (name) => name.toLowerCase(), representable: (name) => !name.includes(':') };
