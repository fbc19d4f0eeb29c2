import type { Operation, Outcome, Revision } from '@driftbox/domain';
import type { Committed } from '../server/simulated-server.ts';
import type { World } from '../world.ts';
import { must } from './must.ts';

/** What a writer had not seen, it did not replace: contents for an edit, everything for a delete. As each commit said it had seen. */
export function nobodyWroteBlindly({ commits }: World): void {
  for (const committed of commits) {
    const { request, result } = committed;
    if (result.result !== 'done') continue;
    const fresh = new Set(result.answers.map(({ writeId }) => writeId));
    for (const [index, operation] of request.operations.entries()) {
      if (!fresh.has(operation.writeId)) continue;
      checkOperation(committed, operation, result.outcomes[index]!);
    }
  }
}

function checkOperation({ drive }: Committed, operation: Operation, outcome: Outcome): void {
  if (outcome.outcome !== 'committed' || !('baseRev' in operation) || operation.baseRev === null) return;
  const revisions = drive.revisions.get(operation.entryId) ?? [];
  const base = revisions.find(({ rev }) => rev === operation.baseRev);
  const unseen = revisions.filter(({ rev }) => rev > (operation.baseRev ?? 0) && rev < outcome.rev);
  const what = () => `${operation.op} went over revisions of ${operation.entryId} that its writer had not seen`;
  if (operation.op === 'delete') must(unseen.length === 0, what);
  if (operation.op === 'putFile' && base !== undefined)
    must(
      unseen.every((revision) => sameContent(revision, base)),
      what,
    );
}

function sameContent({ body: a }: Revision, { body: b }: Revision): boolean {
  return a.kind === 'file' && b.kind === 'file' && a.content.listId === b.content.listId;
}
