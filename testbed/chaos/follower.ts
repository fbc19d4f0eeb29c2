import { setTimeout as delay } from 'node:timers/promises';
import type { EntryId } from '@driftbox/domain';
import { Problem, routes, type Change } from '@driftbox/protocol';
import type { Notes } from './notes.ts';
import type { Device } from './people.ts';

/** A client that keeps a copy of a drive by its journal alone, as a device that syncs does. */
export type Follower = {
  /** Reads on to the end; answers where the copy differs from the drive listed anew. Faults must be over. */
  finish(): Promise<string[]>;
};

/** The newest state of each entry. */
type Copy = Map<EntryId, string>;

const pauseMs = 400;
const pageSize = 500;

/** Follows a drive until the signal; whatever contradicts a journal without gaps is noted. */
export function followDrive(device: Device, wrong: Notes, stopping: AbortSignal): Follower {
  const copy: Copy = new Map();
  const place: { cursor: string | undefined; seq: number; head: number } = { cursor: undefined, seq: 0, head: 0 };
  const readOn = async (): Promise<boolean> => {
    const page = await readPage(device, place.cursor);
    const seqs = page.changes.map(({ seq }) => seq);
    if (page.head < place.head) wrong.add(`${device.name}: the journal ended at ${place.head} and now at ${page.head}`);
    if (seqs.some((seq, index) => seq <= (seqs[index - 1] ?? place.seq)))
      wrong.add(`${device.name}: seqs after ${place.seq} are out of order`);
    for (const change of page.changes) apply(copy, change);
    place.seq = seqs.at(-1) ?? place.seq;
    place.head = page.head;
    place.cursor = page.nextCursor;
    return page.more;
  };
  const follow = async (): Promise<void> => {
    while (!stopping.aborted) {
      const more = await readOn().catch((error: unknown) => noteUnlessAway(error, device, wrong));
      if (!more) await delay(pauseMs);
    }
  };
  const following = follow();
  return {
    finish: async () => {
      await following;
      while (await readOn());
      const { fresh, head } = await listAnew(device);
      const differing = [...new Set([...copy.keys(), ...fresh.keys()])].filter((entry) => copy.get(entry) !== fresh.get(entry));
      const lines = differing.map(
        (entry) => `${device.name} holds ${copy.get(entry) ?? 'nothing'} where the drive has ${fresh.get(entry) ?? 'nothing'}`,
      );
      return head === place.seq ? lines : [`${device.name} stands at ${place.seq} of ${head}`, ...lines];
    },
  };
}

async function readPage({ client, drive }: Device, cursor: string | undefined) {
  const query = { limit: pageSize, ...(cursor === undefined ? {} : { after: cursor }) };
  return client.call(routes.listChanges, { params: { drive: drive.drive }, query });
}

function apply(copy: Copy, change: Change): void {
  if (change.change === 'put') copy.set(change.entry.entryId, JSON.stringify(change.entry));
  else copy.delete(change.entryId);
}

async function listAnew(device: Device): Promise<{ readonly fresh: Copy; readonly head: number }> {
  const fresh: Copy = new Map();
  for (let cursor: string | undefined; ;) {
    const page = await readPage(device, cursor);
    for (const change of page.changes) apply(fresh, change);
    if (!page.more) return { fresh, head: page.head };
    cursor = page.nextCursor;
  }
}

function noteUnlessAway(error: unknown, device: Device, wrong: Notes): false {
  if (!(error instanceof Problem && (error.code === 'unavailable' || error.code === 'rate_limited' || error.code === 'unauthenticated')))
    wrong.add(`${device.name} reads the journal: ${String(error)} (${String((error as Error).cause)})`);
  return false;
}
