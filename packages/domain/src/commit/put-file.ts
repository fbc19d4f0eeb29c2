import type { Body } from '../entry.ts';
import type { Content, Outcome } from '../operation.ts';
import { inlineChunks } from '../limits.ts';
import { invalid } from './answers.ts';
import type { Of } from './answers.ts';
import { checkLive, checkWholePlace } from './checks.ts';
import type { Working } from './working.ts';
import { createEntry, editEntry } from './write-entry.ts';

/**
 * Makes a file (`baseRev: null`) or gives one new content. That the drive possesses every chunk was checked, and the
 * chunks pinned, before the commit came here. `executable` left out keeps what it was.
 */
export function putFile(work: Working, op: Of<'putFile'>): Outcome {
  const wrong = checkContent(op.content);
  if (wrong !== undefined) return invalid(wrong);
  if (op.baseRev === null) {
    const place = checkWholePlace(op);
    if (!place.ok) return place.outcome;
    if (place.found === undefined) return invalid('a new file needs parentId and name');
    return createEntry(work, { ...op, ...place.found }, bodyOf(op, false));
  }
  const checked = checkLive(work, op.entryId);
  if (!checked.ok) return checked.outcome;
  const before = checked.found;
  const wasExecutable = before.body.kind === 'file' && before.body.executable;
  return editEntry(work, { ...op, baseRev: op.baseRev }, before, bodyOf(op, wasExecutable));
}

function bodyOf(op: Of<'putFile'>, wasExecutable: boolean): Body {
  return { kind: 'file', content: op.content, mtimeMs: op.mtimeMs, executable: op.executable ?? wasExecutable };
}

/** The sizes of an inline list add up: a size that lies would be a quota that lies. */
function checkContent({ sizeBytes, chunks }: Content): string | undefined {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) return 'sizeBytes is not a size';
  if (chunks === undefined) return undefined;
  if (chunks.length > inlineChunks) return `an inline chunk list has at most ${inlineChunks} chunks`;
  const sum = chunks.reduce((bytes, chunk) => bytes + chunk.sizeBytes, 0);
  return sum === sizeBytes ? undefined : 'sizeBytes is not the sum of the chunks';
}
