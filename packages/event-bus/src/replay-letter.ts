import type { DeadLetterStore } from './dead-letter-store.ts';
import type { DeadLetter, ReplayOutcome } from './event-bus.ts';

/** Delivers a dead letter once more to its group, by whoever `find` answers for it, and forgets it where that succeeds. */
export async function replayLetter(
  letters: Pick<DeadLetterStore, 'get' | 'remove'>,
  id: string,
  find: (group: string) => { redeliver(letter: DeadLetter): Promise<void> } | undefined,
): Promise<ReplayOutcome> {
  const letter = await letters.get(id);
  const group = letter === undefined ? undefined : find(letter.group);
  if (letter === undefined || group === undefined) return 'not_found';
  const isHandled = await group.redeliver(letter).then(
    () => true,
    () => false,
  );
  if (!isHandled) return 'failed';
  await letters.remove(id);
  return 'handled';
}
