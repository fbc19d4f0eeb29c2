import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFolderDeadLetters } from './dead-letter-store.ts';
import type { EventBus, ReplayOutcome } from './event-bus.ts';

const mark = '.replay';
const maxLetters = 100_000;

/**
 * Asks whoever has the bus of this folder to send dead letters to their groups once more: those of `group`, or the one called
 * `id`. They are sent by `replayMarked`, at once or when that process starts. Answers the ids of the letters.
 */
export async function markLetters(folder: string, wanted: { readonly group: string } | { readonly id: string }): Promise<string[]> {
  const letters = await createFolderDeadLetters(folder).list(maxLetters);
  const chosen = letters.filter((letter) => ('id' in wanted ? letter.id === wanted.id : letter.group === wanted.group));
  for (const { id } of chosen) await (await open(path.join(folder, `${id}${mark}`), 'w', 0o600)).close();
  return chosen.map(({ id }) => id);
}

/** What `replayMarked` works with. */
export type ReplayMarkedOptions = {
  readonly bus: EventBus;
  /** Where the bus keeps its dead letters. */
  readonly folder: string;
  /** Between two looks; default 5,000. */
  readonly everyMs?: number | undefined;
  /** Hears what became of each letter; `failed` ones stay, and are not tried again before they are marked again. */
  readonly onReplayed?: ((id: string, outcome: ReplayOutcome) => void) | undefined;
  /** Hears why a look failed; the next one comes all the same. */
  readonly onError?: ((error: unknown) => void) | undefined;
};

/** Sends the dead letters that are marked, now and then. Begin when all groups have subscribed; `stop` waits for what is being sent. */
export function replayMarked({ bus, folder, everyMs = 5_000, onReplayed, onError }: ReplayMarkedOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const look = async (): Promise<void> => {
    for (const name of await readdir(folder)) {
      if (!name.endsWith(mark) || signal.aborted) continue;
      const id = name.slice(0, -mark.length);
      const outcome = await bus.replay(id);
      // Only now: of a process that is killed before, the next one sends the letter again.
      await rm(path.join(folder, name), { force: true });
      onReplayed?.(id, outcome);
    }
  };
  const running = (async () => {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => onError?.(error));
    while (!signal.aborted) {
      await look().catch((error: unknown) => onError?.(error));
      await delay(everyMs, undefined, { signal }).catch(() => {});
    }
  })();
  return { stop: () => (stopping.abort(), running) };
}
