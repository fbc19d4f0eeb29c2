import { Offline } from '@driftbox/sync-client';
import { happens, type Ground, type Process } from '../ground.ts';

/** The way between one client and the server. */
export type Link = { partitioned: boolean };

/** Longest delay of a request that its sender has given up. */
const longestLateMs = 20_000;

/**
 * Carries one call to the server and its answer back, or loses either, or the call arrives late or twice. `serve` throws
 * `Offline` while the server is down. What the client hears late enough is that it heard nothing.
 */
export async function call<T>(ground: Ground, link: Link, process: Process, what: string, serve: () => T): Promise<T> {
  const { scheduler, random, weather, trace } = ground;
  const wait = (ms: number) => scheduler.sleep(ms, () => process.alive);
  const delay = () => random.integer(1, weather.maxDelayMs);
  const giveUp = async (): Promise<never> => {
    await wait(weather.timeoutMs);
    throw new Offline(`no answer to ${what}`);
  };
  const again = (afterMs: number) =>
    scheduler.after(afterMs, () => {
      trace.note(scheduler.nowMs, `again ${what}`);
      try {
        serve();
      } catch {
        // Nobody listens.
      }
    });
  if (link.partitioned || happens(ground, weather.lost / 2)) return giveUp();
  if (happens(ground, weather.late)) {
    again(weather.timeoutMs + random.integer(0, longestLateMs));
    return giveUp();
  }
  await scheduler.sleep(delay());
  if (link.partitioned) return giveUp();
  let answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };
  try {
    answer = { ok: true, value: serve() };
  } catch (error) {
    answer = { ok: false, error };
  }
  trace.note(scheduler.nowMs, `served ${process.client} ${what}`);
  if (happens(ground, weather.twice)) again(random.integer(0, longestLateMs));
  if (happens(ground, weather.lost / 2)) return giveUp();
  await wait(delay());
  if (link.partitioned) return giveUp();
  if (!answer.ok) throw answer.error;
  return answer.value;
}
