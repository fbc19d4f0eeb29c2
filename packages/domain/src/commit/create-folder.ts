import type { Outcome } from '../operation.ts';
import type { Of } from './answers.ts';
import type { Working } from './working.ts';
import { createEntry } from './write-entry.ts';

/** Makes an empty folder. Two folders of one name are never merged here: the second is told who has the name. */
export function createFolder(work: Working, op: Of<'createFolder'>): Outcome {
  return createEntry(work, op, { kind: 'folder' });
}
