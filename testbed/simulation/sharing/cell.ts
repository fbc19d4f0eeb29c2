import type { DriveId, EntryId, MemoryDrive, Role } from '@driftbox/domain';
import { Door } from '../server/door.ts';
import { driveIdOf, SimulatedServer, type DriveOptions, type Rule } from '../server/simulated-server.ts';

/** How many people there are, each with a home drive, and how many drives they share. */
export type CellSize = { readonly people: number; readonly shared: number };

/** What is broken about the server, if anything. */
export type Rules = { readonly rule?: Rule; readonly asksNoRole?: boolean };

/** All drives, and who has which role on them. */
export class Cell {
  readonly homes: readonly SimulatedServer[];
  shared: readonly SimulatedServer[];
  readonly #gone = new Set<SimulatedServer>();
  readonly #make: (options: Omit<DriveOptions, 'sees' | 'isUsedBeside'>) => SimulatedServer;
  readonly #asksNoRole: boolean;
  readonly #roles = new Map<string, Role>();

  constructor(clock: () => number, { people, shared }: CellSize, { rule, asksNoRole = false }: Rules) {
    this.#asksNoRole = asksNoRole;
    const isUsedBeside = (entryId: EntryId, drive: SimulatedServer): boolean =>
      this.drives.some((other) => other !== drive && other.drive.entries.has(entryId));
    this.#make = (options) =>
      new SimulatedServer(clock, { ...options, isUsedBeside, sees: (other) => this.#seenBy(options.owner, other) }, rule);
    this.homes = Array.from({ length: people }, (_, person) => this.#make({ number: person, kind: 'home', owner: person }));
    this.shared = Array.from({ length: shared }, (_, at) => this.#make({ number: people + at, kind: 'shared', owner: at % people }));
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
    const found = [...this.drives, ...this.#gone].find((drive) => drive.driveId === driveId);
    if (found === undefined) throw new Error(`there is no drive ${driveId}`);
    return found;
  }

  roleOf(drive: SimulatedServer, person: number): Role | undefined {
    if (this.#gone.has(drive)) return undefined;
    return drive.owner === person ? 'owner' : this.#roles.get(`${drive.driveId} ${person}`);
  }

  /** The id of a drive that is to be made. */
  freeDriveId(): DriveId {
    return driveIdOf(this.drives.length + this.#gone.size);
  }

  /** A folder of somebody's became a drive. */
  add(owner: number, made: MemoryDrive): SimulatedServer {
    const drive = this.#make({ number: 0, kind: 'shared', owner, made });
    this.shared = [...this.shared, drive];
    return drive;
  }

  /** A drive is no more. */
  remove(drive: SimulatedServer): void {
    this.shared = this.shared.filter((other) => other !== drive);
    this.#gone.add(drive);
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
