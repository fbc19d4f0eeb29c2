import type { Client } from '../client.ts';
import type { Act, faultActs, Step } from '../script.ts';
import type { SimulatedServer } from '../server/simulated-server.ts';
import type { World } from '../world.ts';

type FaultAct = (typeof faultActs)[number];

const longestAbsenceMs = 20_000;

/** What goes wrong in the world, and for how long. */
export const playFault: Readonly<Record<FaultAct, (world: World, client: Client, step: Step) => void>> = {
  kill: (world, client, step) => {
    client.kill();
    forAWhile(world, step, () => world.start(client));
  },
  losePower: (world, client, step) => {
    const before = world.onDisks();
    const here = world.onDisks([client]);
    client.losePower(step.a % (client.disk.tree.unflushed + 1));
    world.letGo(before);
    // What its user had deleted a moment before is back, as theirs.
    world.hold(
      client.person,
      [...world.onDisks([client])].filter((tag) => !here.has(tag)),
    );
    forAWhile(world, step, () => world.start(client));
  },
  partition: (world, client, step) => {
    client.link.partitioned = true;
    forAWhile(world, step, () => (client.link.partitioned = false));
  },
  serverDown: (world, _client, step) => {
    const all = (isDown: boolean) => world.cell.drives.forEach((server) => (server.isDown = isDown));
    all(true);
    forAWhile(world, step, () => all(false));
  },
  lockDrive: (world, _client, step) => {
    const server = aDrive(world, step);
    lock(server, true);
    forAWhile(world, step, () => lock(server, false));
  },
  forgetJournal: (world, _client, step) => {
    const server = aDrive(world, step);
    server.horizonSeq = server.drive.drive.seq;
  },
  backUp: ({ backups, cell }) => {
    for (const server of cell.drives) if (!backups.has(server)) backups.set(server, server.backUp());
  },
  restore: (world, _client, step) => world.restore(aDrive(world, step)),
};

export function isFaultAct(act: Act): act is FaultAct {
  return Object.hasOwn(playFault, act);
}

export function forAWhile(world: World, step: Step, end: () => void): void {
  world.ground.scheduler.after(1 + (step.c % longestAbsenceMs), end);
}

/** Where there are several, any of them. */
export function aDrive({ cell }: World, { b }: Step): SimulatedServer {
  const { drives } = cell;
  return drives[b % drives.length] ?? cell.homeOf(0);
}

function lock(server: SimulatedServer, locked: boolean): void {
  server.drive.drive = { ...server.drive.drive, locked };
}
