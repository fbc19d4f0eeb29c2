import { can, type EntryId, type Operation, type Outcome, type Role } from '@driftbox/domain';
import { Refused, Unseen, type ChangesPage } from '@driftbox/sync-client';
import type { RemoteEntry } from '@driftbox/sync-core';
import { userOf, type SimulatedServer } from './simulated-server.ts';

/** One drive as one person reaches it: with the role that they have at that moment. */
export class Door {
  readonly #server: SimulatedServer;
  readonly #person: number;
  readonly #role: () => Role | undefined;

  constructor(server: SimulatedServer, person: number, role: () => Role | undefined) {
    this.#server = server;
    this.#person = person;
    this.#role = role;
  }

  changes(after: string | undefined, limit: number): ChangesPage {
    this.#mustSee();
    return this.#server.changes(after, limit);
  }

  below(folderId: EntryId): readonly RemoteEntry[] {
    this.#mustSee();
    return this.#server.below(folderId);
  }

  holds(entry: RemoteEntry): boolean {
    this.#mustSee();
    return this.#server.holds(entry);
  }

  /** As the metadata service: without the role for it nothing of a commit is looked at. */
  commit(epoch: string, operations: readonly Operation[], atomic: boolean): readonly Outcome[] {
    const role = this.#mustSee();
    if (this.isReadOnly()) throw new Refused('Your role on this drive does not allow it');
    return this.#server.commit(epoch, operations, atomic, { by: userOf(this.#person), role });
  }

  isReadOnly(): boolean {
    return !can({ role: this.#mustSee() }, 'write', this.#server.drive.drive);
  }

  /** What may not be seen is not there; the client is told so by its home drive. */
  #mustSee(): Role {
    this.#server.mustBeUp();
    const role = this.#role();
    if (role === undefined || !can({ role }, 'read', this.#server.drive.drive)) throw new Unseen('there is no such drive');
    return role;
  }
}
