import type { SentOperation } from '@driftbox/transfer';
import type { PendingOperation } from '../ports/server.ts';

/** An operation that has no bytes, as it is sent; `undefined` for one that does. */
export function plainOperation({ writeId, operation, seenSeq }: PendingOperation): SentOperation | undefined {
  switch (operation.op) {
    case 'putFile':
      return undefined;
    case 'delete':
      return { ...operation, writeId, seenSeq };
    case 'setAttributes': {
      const { op, entryId, baseRev, executable } = operation;
      return { op, writeId, entryId, baseRev, executable, mtime: new Date(operation.mtimeMs).toISOString() };
    }
    case 'putSymlink': {
      const { op, entryId, baseRev, target, place } = operation;
      // The server wants a time, nobody compares it.
      return { op, writeId, entryId, baseRev, target, mtime: new Date().toISOString(), ...place };
    }
    case 'createFolder':
    case 'move':
      return { ...operation, writeId };
  }
}

/**
 * Asks what became of a write without writing: one that is known answers by its `writeId` before anything else is looked at,
 * and a revision that no entry has refuses the rest.
 */
export function probeOperation({ writeId, operation }: PendingOperation): SentOperation {
  return { op: 'setAttributes', writeId, entryId: operation.entryId, baseRev: Number.MAX_SAFE_INTEGER };
}
