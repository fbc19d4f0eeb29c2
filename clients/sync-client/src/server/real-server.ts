import type { DriveId, EntryId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Entry } from '@driftbox/protocol';
import type { RemoteEntry } from '@driftbox/sync-core';
import type { Arrived, Unreadable } from '../ports/disk.ts';
import type { ChangesPage, PendingOperation, SendHooks, Server, Wanted } from '../ports/server.ts';
import { CursorExpired, Refused, Unseen } from '../ports/server.ts';
import { asLoopErrors } from './as-loop-errors.ts';
import type { Connection } from './connection.ts';
import { FetchRun } from './fetch-run.ts';
import { SendRun } from './send-run.ts';
import { remoteChangeOf, remoteEntryOf } from './wire-entry.ts';

/** Entries asked for at once when a folder is listed. */
const listed = 10_000;

/** One drive on a real server. Besides `Offline` and `CursorExpired` it throws the server's problems, and what aborts it. */
export class RealServer implements Server {
  readonly #at: Connection;
  readonly #roots = new Map<DriveId, EntryId>();
  #epoch: string | undefined;

  constructor(connection: Connection) {
    this.#at = connection;
  }

  changes(after: string | undefined, limit: number): Promise<ChangesPage> {
    return this.#asking(async () => {
      const { client, drive, lists } = this.#at;
      const params = { drive: drive.drive };
      // Before the page: a drive that is restored in between refuses the cursor, or the first commit that names this epoch.
      this.#epoch ??= (await client.call(routes.getDrive, { params })).driveEpoch;
      const page = await client.call(routes.listChanges, { params, query: { limit, ...(after === undefined ? {} : { after }) } });
      const entries = page.changes.flatMap((change) => (change.change === 'put' ? [change.entry] : []));
      for (const entry of entries) lists.keep(entry);
      await this.#learnRoots(entries);
      const { nextCursor, head, more } = page;
      return { changes: page.changes.map((change) => remoteChangeOf(change, this.#roots)), nextCursor, head, more, epoch: this.#epoch };
    }).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'not_found') throw new Unseen(error.message, { cause: error });
      throw error;
    });
  }

  below(folderId: EntryId): Promise<readonly RemoteEntry[]> {
    return this.#asking(async () => {
      const { client, drive, lists } = this.#at;
      const all: RemoteEntry[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: listed, ...(cursor === undefined ? {} : { cursor }) };
        const page = await client.call(routes.listDescendants, { params: { drive: drive.drive, entry: folderId }, query });
        await this.#learnRoots(page.items);
        for (const entry of page.items) {
          lists.keep(entry);
          const remote = remoteEntryOf(entry, this.#roots);
          if (remote !== undefined) all.push(remote);
        }
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return all;
    }).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'not_found') return [];
      throw error;
    });
  }

  send(epoch: string, operations: readonly PendingOperation[], hooks: SendHooks): Promise<void> {
    return this.#asking(async () => {
      const at = { ...this.#at, drive: { ...this.#at.drive, driveEpoch: epoch } };
      try {
        const lacking = await new SendRun(at, hooks, operations).run(operations, false);
        if (lacking.length > 0) await new SendRun(at, hooks, lacking).run(lacking, true);
      } catch (error) {
        if (error instanceof Problem && error.code === 'permission_denied') throw new Refused(error.message, { cause: error });
        throw error;
      }
    });
  }

  fetch(wanted: readonly Wanted[], arrived: (wanted: Wanted, content: Arrived | Unreadable) => Promise<void>): Promise<void> {
    return this.#asking(() => new FetchRun(this.#at, arrived).run(wanted));
  }

  /** Asks for drives that show up in this one. One that may not be seen is left out: its mount is about to go, too. */
  async #learnRoots(entries: readonly Entry[]): Promise<void> {
    const drives = entries.flatMap((entry) => (entry.kind === 'mount' ? [entry.mountedDrive] : []));
    for (const drive of new Set(drives)) {
      if (this.#roots.has(drive)) continue;
      try {
        this.#roots.set(drive, (await this.#at.client.call(routes.getDrive, { params: { drive } })).rootId);
      } catch (error) {
        if (!(error instanceof Problem && (error.code === 'not_found' || error.code === 'permission_denied'))) throw error;
      }
    }
  }

  async #asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await asLoopErrors(work);
    } catch (error) {
      if (error instanceof CursorExpired) this.#epoch = undefined;
      throw error;
    }
  }
}
