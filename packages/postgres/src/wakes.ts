import type pg from 'pg';
import type { Database } from './database.ts';
import { createClient } from './writable-client.ts';

/** Wake-ups of one loop, from this process and from others. They may be lost or come twice: they carry nothing. */
export type Wakes = {
  /** Ends the present wait, or the next one if nobody waits. */
  wake(): void;
  /** Wakes the loops of other processes: one NOTIFY for all that happens while one is on its way. */
  tellOthers(): void;
  /** Waits for a wake-up, at most `timeoutMs`; answers whether there was one. */
  next(timeoutMs: number): Promise<boolean>;
  /** Waits `timeoutMs`; only `stop` ends it early. */
  pause(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Listens on a channel over a connection of its own. NOTIFY is never part of a writer's transaction, where it would make
 * all commits of the database queue behind one lock; it is sent afterwards, and if it is lost the poll makes up for it.
 */
export function listen(database: Database, channel: string, onError: (error: unknown) => void): Wakes {
  let pending = false;
  let stopped = false;
  let endWait: (() => void) | undefined;
  let telling: Promise<unknown> | undefined;
  let tellAgain = false;
  const wake = (): void => {
    pending = true;
    endWait?.();
  };
  const wait = async (timeoutMs: number, wakeable: () => boolean): Promise<void> => {
    if (wakeable()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      endWait = () => {
        if (!wakeable()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    endWait = undefined;
  };
  const tellOthers = (): void => {
    tellAgain = telling !== undefined;
    telling ??= database
      .query('SELECT pg_notify($1, current_schema())', [channel])
      .catch(onError)
      .finally(() => {
        telling = undefined;
        if (tellAgain && !stopped) tellOthers();
      });
  };
  const subscription = keepListening(database, channel, wake, onError);
  return {
    wake,
    tellOthers,
    next: async (timeoutMs) => {
      await wait(timeoutMs, () => pending || stopped);
      const woken = pending;
      pending = false;
      return woken;
    },
    pause: (timeoutMs) => wait(timeoutMs, () => stopped),
    stop: async () => {
      stopped = true;
      endWait?.();
      await telling;
      await subscription.stop();
    },
  };
}

/** LISTENs until stopped; a lost connection is made again after a pause that doubles from 100 ms to 5 s. */
function keepListening(
  database: Database,
  channel: string,
  wake: () => void,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let pauseMs = 100;
  const connect = async (): Promise<void> => {
    const mine = createClient(database.connection, {
      applicationName: `listen-${channel}`,
      statementTimeoutMs: 10_000,
      connectTimeoutMs: 5_000,
    });
    client = mine;
    mine.on('notification', wake);
    const again = (error?: Error): void => {
      if (stopped || client !== mine) return;
      client = undefined;
      if (error !== undefined) onError(error);
      mine.end().catch(() => {});
      timer = setTimeout(() => {
        connecting = connect();
      }, pauseMs);
      pauseMs = Math.min(pauseMs * 2, 5_000);
    };
    mine.on('error', (error) => again(error));
    mine.on('end', () => again());
    try {
      await mine.connect();
      await mine.query(`LISTEN ${channel}`);
      pauseMs = 100;
      wake();
    } catch (error) {
      again(error as Error);
    }
  };
  let connecting = connect();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await connecting;
      await client?.end();
    },
  };
}
