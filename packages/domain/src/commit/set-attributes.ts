import type { Body } from '../entry.ts';
import type { Outcome } from '../operation.ts';
import { invalid } from './answers.ts';
import type { Of } from './answers.ts';
import { checkLive, checkSeen } from './checks.ts';
import type { Working } from './working.ts';
import { putNext } from './write-entry.ts';

/** Changes the modification time or the executable bit, and nothing else. Belongs to the content the writer had seen. */
export function setAttributes(work: Working, op: Of<'setAttributes'>): Outcome {
  const checked = checkLive(work, op.entryId);
  if (!checked.ok) return checked.outcome;
  const before = checked.found;
  const body = withAttributes(before.body, op);
  if (body === undefined) return invalid(`a ${before.body.kind} does not have these attributes`);
  return checkSeen(before, op.baseRev, before.contentRev) ?? putNext(work, op.writeId, before, { body }, 'attributes');
}

function withAttributes(body: Body, op: Of<'setAttributes'>): Body | undefined {
  if (body.kind === 'file') return { ...body, mtimeMs: op.mtimeMs ?? body.mtimeMs, executable: op.executable ?? body.executable };
  if (body.kind === 'symlink' && op.executable === undefined) return { ...body, mtimeMs: op.mtimeMs ?? body.mtimeMs };
  return undefined;
}
