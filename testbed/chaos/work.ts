import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '@driftbox/chunking';
import { readBody } from '@driftbox/api-client';
import type { EntryId } from '@driftbox/domain';
import { Problem, routes, type WireOutcome } from '@driftbox/protocol';
import type { SeededRandom } from '@driftbox/testkit';
import { sendCommit } from '../src/api-user.ts';
import { nextActs, type Act } from './acts.ts';
import type { Content } from './ledger.ts';
import type { Notes } from './notes.ts';
import type { Device, Person } from './people.ts';

/** What all who work share. */
export type Surroundings = {
  /** Contradicts a promise. */
  readonly wrong: Notes;
  /** Whether a pack is damaged on purpose at the moment. */
  readonly isDamaged: () => boolean;
  /** Ends the work; what is in hand goes on until it is answered. */
  readonly stopping: AbortSignal;
  /** Ends even that: the world should have been whole for long. */
  readonly givingUp: AbortSignal;
};

/** What somebody did. */
export type Work = { committed: number; refused: number; asked: number; read: number; damaged: number };

/** A device stops by itself after so many turns, whatever happens. */
const mostTurns = 200_000;
const longestPauseMs = 500;
const mostBytes = 1 << 20;

/** A device of a person at work until told to stop: it writes, and reads back what was acknowledged. */
export async function work(person: Person, device: Device, random: SeededRandom, at: Surroundings): Promise<Work> {
  const done: Work = { committed: 0, refused: 0, asked: 0, read: 0, damaged: 0 };
  let names = 0;
  const scene = { ledger: person.ledger, folders: person.folders, random, nextName: () => `${device.name}-${(names += 1)}` };
  for (let turn = 0; turn < mostTurns && !at.stopping.aborted; turn += 1) {
    const acts = nextActs(scene);
    const written = await commitUntilAnswered(person, device, acts, at, done);
    const known = random.next() < 0.5 ? written : random.pick([...person.ledger.known(false), undefined]);
    if (known !== undefined) await readBack(person, device, known, random, at, done);
    await delay(random.integer(0, longestPauseMs));
  }
  return done;
}

/**
 * Sends a commit until it is answered, with the same ids each time, so that it is written once however often it is sent; then
 * notes what was acknowledged. Answers an entry that has new content, if any has.
 */
async function commitUntilAnswered({ ledger }: Person, device: Device, acts: readonly Act[], at: Surroundings, done: Work) {
  for (const { operation, entryId } of acts) if (operation.op === 'purge') ledger.leave(entryId);
  const contents = acts.flatMap(({ bytes }) => bytes ?? []);
  const operations = acts.map(({ operation }) => operation);
  for (let pauseMs = 50; !at.givingUp.aborted; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    done.asked += 1;
    const outcomes = await sendCommit(device, operations, contents).then((answer) => answer.outcomes, failedAs(device, at));
    if (outcomes !== undefined && outcomes.every(({ outcome }) => isFinal(outcome))) {
      return acts.map((act, index) => settle(act, outcomes[index], ledger, at, done)).find((entry) => entry !== undefined);
    }
    await delay(pauseMs);
  }
  at.wrong.add(`${device.name}: ${operations.map(({ op }) => op).join(', ')} was never answered`);
  return undefined;
}

/** Chunks may have gone since they were sent, and the server may have been too busy: the same is to be sent again. */
function isFinal(outcome: WireOutcome['outcome']): boolean {
  return outcome !== 'chunk_missing' && outcome !== 'aborted';
}

function settle(
  { operation, entryId, means }: Act,
  outcome: WireOutcome | undefined,
  ledger: Person['ledger'],
  at: Surroundings,
  done: Work,
) {
  if (outcome?.outcome !== 'committed') {
    done.refused += 1;
    if (outcome === undefined || !expectable.has(outcome.outcome)) at.wrong.add(`${operation.op} was refused: ${JSON.stringify(outcome)}`);
    return undefined;
  }
  done.committed += 1;
  ledger.acknowledge(entryId, { rev: outcome.rev, seq: outcome.seq, ...means });
  return means.content === undefined ? undefined : entryId;
}

/** Two devices of one person work on the same files. */
const expectable: ReadonlySet<string> = new Set(['revision_conflict', 'not_found']);

/** What a request that fails for good may say while parts are missing; anything else is wrong. */
function failedAs(device: Device, at: Surroundings): (error: unknown) => undefined {
  return (error) => {
    const code = error instanceof Problem ? error.code : 'no problem of the catalogue';
    if (code !== 'unavailable' && code !== 'rate_limited' && code !== 'unauthenticated') at.wrong.add(`${device.name}: ${describe(error)}`);
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Problem)) return String(error);
  return `${error.code}: ${error.message}${error.cause === undefined ? '' : ` (${String(error.cause)})`}`;
}

/** Reads a revision that was acknowledged. An answer must be what was written; that there is none for a while is no wrong. */
async function readBack(person: Person, device: Device, entry: EntryId, random: SeededRandom, at: Surroundings, done: Work): Promise<void> {
  const contents = person.ledger.contents(entry);
  if (contents.length === 0) return;
  const { rev, content } = random.pick(contents);
  const before = at.isDamaged();
  const found = await readRevision(device, entry, rev, content);
  done.read += 1;
  if (found === 'same' || found === 'unavailable' || person.ledger.isLeaving(entry)) return;
  if (found === 'content_damaged' && (before || at.isDamaged())) done.damaged += 1;
  else at.wrong.add(`${device.name} read revision ${rev} of ${entry}: ${found}`);
}

/** Reads one revision; answers `same`, or what it is instead: the code of a problem, or what is wrong with the bytes. */
export async function readRevision(
  { client, drive }: Pick<Device, 'client' | 'drive'>,
  entry: EntryId,
  rev: number,
  content: Content,
): Promise<string> {
  try {
    const answer = await client.stream(routes.getContent, { params: { drive: drive.drive, entry }, query: { rev } });
    const bytes = await readBody(answer.body, mostBytes);
    return digestOf(bytes) === content.digest ? 'same' : `${bytes.length} bytes that are not what was written`;
  } catch (error) {
    if (error instanceof Problem && error.code !== 'internal') return error.code;
    // A connection that breaks within the bytes.
    return typeof (error as { code?: unknown }).code === 'string' && !(error instanceof Problem) ? 'unavailable' : describe(error);
  }
}
