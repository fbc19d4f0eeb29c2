import type { Outcome } from '../operation.ts';
import { invalid, notFound } from './answers.ts';
import type { Of } from './answers.ts';
import type { Working } from './working.ts';
import { createEntry } from './write-entry.ts';

/**
 * Shows a shared drive in a home drive. Mounts live in home drives only and lead to shared drives only, so they cannot
 * form a cycle. A drive the actor holds no grant on does not exist for it. Deleting a mount leaves the drive untouched.
 */
export function putMount(work: Working, op: Of<'putMount'>): Outcome {
  if (work.state.drive.kind !== 'home') return invalid('a drive is mounted in a home drive only');
  if (!work.state.mountable.includes(op.drive)) return notFound();
  return createEntry(work, op, { kind: 'mount', drive: op.drive });
}
