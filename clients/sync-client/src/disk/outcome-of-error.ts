import type { DiskOutcome } from '../ports/disk.ts';
import { NoWay } from './root.ts';

/** What the system says, in words for people; `no` where trying again without a change of names is no use. */
const reasons: Readonly<Record<string, readonly [reason: string, retryable?: 'no']>> = {
  EACCES: ['permission denied'],
  EPERM: ['not permitted'],
  EROFS: ['this disk is read-only'],
  ENOSPC: ['no room on this disk'],
  EDQUOT: ['no room left for you on this disk'],
  EFBIG: ['too large for this disk', 'no'],
  EBUSY: ['in use by another program'],
  ETXTBSY: ['in use by another program'],
  EXDEV: ['on another file system'],
  EIO: ['the disk reports an error'],
  EMFILE: ['too many files are open'],
  ENFILE: ['too many files are open'],
  ENAMETOOLONG: ['its path is too long for this system', 'no'],
  EINVAL: ['this file system cannot hold its name', 'no'],
  EILSEQ: ['this file system cannot hold its name', 'no'],
  ELOOP: ['a link stands in the way'],
  EISDIR: ['a folder stands in the way'],
};

/** Errors that say: what was planned from is not there, or something is where nothing should be. */
const meanwhile = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY']);

/** What the system said, for people. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return reasons[code]?.[0] ?? (error instanceof Error ? error.message : String(error));
}

/** True where the system says that something is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof NoWay || codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

/** What becomes of a step that the system refused. */
export function outcomeOfError(error: unknown): DiskOutcome {
  if (error instanceof NoWay || meanwhile.has(codeOf(error))) return { outcome: 'changed' };
  return { outcome: 'failed', reason: reasonOf(error), retryable: reasons[codeOf(error)]?.[1] !== 'no' };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
