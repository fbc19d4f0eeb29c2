import type { DriveId, Role } from '@driftbox/domain';
import { Door } from '../server/door.ts';
import { SimulatedServer, type Rule } from '../server/simulated-server.ts';

/** How many people there are, each with a home drive, and how many drives they share. */
export type CellSize = { readonly people: number; readonly shared: number };

/** What is broken about the server, if anything. */
export type Rules = { readonly rule?: Rule; readonly asksNoRole?: boolean };

/** All drives, and who has which role on them. */
export class Cell {
  readonly homes: readonly SimulatedServer[];
  readonly shared: readonly SimulatedServer[];
  readonly #asksNoRole: boolean;
  readonly #roles = new Map<string, Role>();

  constructor(clock: () => number, { people, shared }: CellSize, { rule, asksNoRole = false }: Rules) {
    this.#asksNoRole = asksNoRole;
    const drive = (number: number, kind: 'home' | 'shared', owner: number): SimulatedServer =>
      new SimulatedServer(clock, { number, kind, owner, sees: (other) => this.#seenBy(owner, other) }, rule);
    this.homes = Array.from({ length: people }, (_, person) => drive(person, 'home', person));
    this.shared = Array.from({ length: shared }, (_, index) => drive(people + index, 'shared', index % people));
  }

  get drives(): readonly SimulatedServer[] {
    return [...this.homes, ...this.shared];
  }

  homeOf(person: number): SimulatedServer {
    const home = this.homes[person];
    if (home === undefined) throw new Error(`there is nobody ${person}`);
    return home;
  }

  driveOf(driveId: DriveId): SimulatedServer {
    const found = this.drives.find((drive) => drive.driveId === driveId);
    if (found === undefined) throw new Error(`there is no drive ${driveId}`);
    return found;
  }

  roleOf(drive: SimulatedServer, person: number): Role | undefined {
    return drive.owner === person ? 'owner' : this.#roles.get(`${drive.driveId} ${person}`);
  }

  /** From the next request on. */
  setRole(drive: SimulatedServer, person: number, role: Role | undefined): void {
    const key = `${drive.driveId} ${person}`;
    if (role === undefined) this.#roles.delete(key);
    else this.#roles.set(key, role);
  }

  door(drive: SimulatedServer, person: number): Door {
    return new Door(drive, person, () => (this.#asksNoRole ? 'owner' : this.roleOf(drive, person)));
  }

  #seenBy(person: number, other: DriveId): SimulatedServer['rootId'] | undefined {
    const drive = this.driveOf(other);
    return this.roleOf(drive, person) === undefined ? undefined : drive.rootId;
  }
}
