import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseTraceparent } from '@driftbox/tracing';
import type { CloudEvent } from './cloud-event.ts';
import type { DeadLetter } from './event-bus.ts';

/** Where a bus without a broker keeps its dead letters. */
export type DeadLetterStore = {
  /** Resolves when the letter is as durable as this store is. A second letter of the same id replaces the first. */
  add(letter: DeadLetter): Promise<void>;
  list(limit: number): Promise<readonly DeadLetter[]>;
  get(id: string): Promise<DeadLetter | undefined>;
  remove(id: string): Promise<void>;
};

/** What a log may tell of a dead letter: nothing of what the event says. */
export type DeadLetterNews = {
  readonly group: string;
  readonly topic: string;
  readonly type: string;
  readonly eventId: string;
  readonly tenantId: string;
  readonly attempts: number;
  readonly trace_id?: string;
};

/** The same store, which tells of each letter once it is kept. */
export function toldDeadLetters(store: DeadLetterStore, tell: (news: DeadLetterNews) => void = () => {}): DeadLetterStore {
  return {
    ...store,
    add: async (letter) => {
      await store.add(letter);
      const { group, topic, event, attempts } = letter;
      const { id: eventId, tenant: tenantId, type } = event;
      const traceId = parseTraceparent(event.traceparent)?.traceId;
      tell({ group, topic, type, eventId, tenantId, attempts, ...(traceId === undefined ? {} : { trace_id: traceId }) });
    },
  };
}

/** One letter per event and group, however often it fails. */
export function deadLetterId(group: string, event: CloudEvent): string {
  return createHash('sha256').update(`${group}\n${event.source}\n${event.id}`).digest('hex').slice(0, 32);
}

const oldestFirst = (a: DeadLetter, b: DeadLetter): number => a.failedAtMs - b.failedAtMs;

/** So many letters are kept; then `add` throws, and the event stays with its publisher. */
const mostLetters = 10_000;

const fullError = (limit: number): Error => new Error(`${limit} dead letters are kept already`);

/** Keeps letters while the process lives, at most `limit` of them. */
export function createMemoryDeadLetters(limit = mostLetters): DeadLetterStore {
  const letters = new Map<string, DeadLetter>();
  return {
    add: async (letter) => {
      if (letters.size >= limit && !letters.has(letter.id)) throw fullError(limit);
      letters.set(letter.id, letter);
    },
    list: async (max) => [...letters.values()].sort(oldestFirst).slice(0, max),
    get: async (id) => letters.get(id),
    remove: async (id) => void letters.delete(id),
  };
}

/**
 * Keeps each letter as a JSON file in `folder` (created if missing), written so that a crash leaves all of it or nothing; about
 * `limit` of them at most.
 */
export function createFolderDeadLetters(folder: string, limit = mostLetters): DeadLetterStore {
  const fileOf = (id: string): string => path.join(folder, `${path.basename(id)}.json`);
  const get = async (id: string): Promise<DeadLetter | undefined> => {
    const text = await readFile(fileOf(id), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? undefined : (JSON.parse(text) as DeadLetter);
  };
  const letterFiles = async (): Promise<string[]> => {
    const names = await readdir(folder).catch((): string[] => []);
    return names.filter((name) => name.endsWith('.json'));
  };
  return {
    get,
    add: async (letter) => {
      await mkdir(folder, { recursive: true });
      const file = fileOf(letter.id);
      const kept = await letterFiles();
      if (kept.length >= limit && !kept.includes(path.basename(file))) throw fullError(limit);
      const written = await open(`${file}.new`, 'w', 0o600);
      try {
        await written.writeFile(JSON.stringify(letter));
        await written.sync();
      } finally {
        await written.close();
      }
      await rename(`${file}.new`, file);
      await syncFolder(folder);
    },
    list: async (max) => {
      const letters = await Promise.all((await letterFiles()).map((name) => get(path.basename(name, '.json'))));
      return letters
        .filter((letter) => letter !== undefined)
        .sort(oldestFirst)
        .slice(0, max);
    },
    remove: async (id) => {
      await rm(fileOf(id), { force: true });
      await syncFolder(folder).catch(() => {});
    },
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
