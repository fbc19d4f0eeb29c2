import type { Client } from '../client.ts';
import type { Act, faultActs, Step } from '../script.ts';
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
    client.losePower(step.a % (client.disk.tree.unflushed + 1));
    world.letGo(before);
    forAWhile(world, step, () => world.start(client));
  },
  partition: (world, client, step) => {
    client.link.partitioned = true;
    forAWhile(world, step, () => (client.link.partitioned = false));
  },
  serverDown: (world, _client, step) => {
    world.server.isDown = true;
    forAWhile(world, step, () => (world.server.isDown = false));
  },
  lockDrive: (world, _client, step) => {
    lock(world, true);
    forAWhile(world, step, () => lock(world, false));
  },
  forgetJournal: ({ server }) => {
    server.horizonSeq = server.drive.drive.seq;
  },
  backUp: (world) => {
    world.backup ??= world.server.backUp();
  },
  restore: (world) => world.restore(),
};

export function isFaultAct(act: Act): act is FaultAct {
  return Object.hasOwn(playFault, act);
}

export function forAWhile(world: World, step: Step, end: () => void): void {
  world.ground.scheduler.after(1 + (step.c % longestAbsenceMs), end);
}

function lock({ server }: World, locked: boolean): void {
  server.drive.drive = { ...server.drive.drive, locked };
}
