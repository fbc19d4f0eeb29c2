import type { Name } from '@driftbox/domain';
import type { FileFacts } from '@driftbox/transfer';

/** Where something lies below the root of a transfer: names in NFC, none for the root itself. */
export type RelativePath = readonly Name[];

/** What a file on this machine looked like. */
export type LocalFile = { readonly kind: 'file' } & FileFacts;

/** One thing found on this machine that DriftBox can hold. `path` opens it, whatever form its name has there. */
export type LocalItem = { readonly names: RelativePath; readonly path: string } & (
  | { readonly kind: 'folder' }
  | LocalFile
  | { readonly kind: 'symlink'; readonly target: string; readonly mtimeMs: number }
);

/** Something that was left out, and why, in one sentence for people. `fault` is false where leaving it out is the rule. */
export type LeftOut = { readonly path: string; readonly why: string; readonly fault: boolean };

/** How a relative path is written, and the key under which both sides of a comparison know it. */
export function keyOf(names: RelativePath): string {
  return names.join('/');
}
