import { chmod } from 'node:fs/promises';
import { connectWorld } from '../src/target/open-world.ts';
import type { TargetAdministrator } from '../src/target/test-target.ts';
import { serviceKeyOf } from '../src/add-tenant.ts';
import { startWorld, type World } from '../src/world.ts';
import type { Stack } from '../stack/start-stack.ts';

/** Somebody new, with the command line and a folder, at the DriftBox that a row measures. */
export type BenchWorld = Pick<World, 'folder' | 'address' | 'email' | 'cli' | 'passwordFile' | 'close'> & {
  /** The server's process, or every process of every service. */
  serverPids(): readonly number[];
  administrator(): Promise<TargetAdministrator>;
  /** A standalone server of the row's own. Throws `NeedsOther` on a stack. */
  own(): World;
  readonly isStack: boolean;
  /** The stack. Throws `NeedsOther` on a standalone server. */
  stack(): Stack;
};

/** A row that measures what the other target has. */
export class NeedsOther extends Error {
  override readonly name = 'NeedsOther';
}

/** A world of somebody of that name on the stack, or on a standalone server that is started for it. Close it, also after a failure. */
export async function openBenchWorld(stack: Stack | undefined, name: string): Promise<BenchWorld> {
  return stack === undefined ? ownWorld() : worldOn(stack, name);
}

async function ownWorld(): Promise<BenchWorld> {
  const world = await startWorld({ DRIFTBOX_SIGN_UP: 'open', DRIFTBOX_INTERNAL_PORT: '0' });
  return {
    ...world,
    isStack: false,
    serverPids: () => [world.server().pid],
    administrator: async () => {
      const { internal } = world.server();
      if (internal === undefined) throw new Error('the server has no internal port');
      return { serviceKey: await serviceKeyOf(world.dataFolder), internal, tenantHosts: '*.test' };
    },
    own: () => world,
    stack: () => {
      throw new NeedsOther('measures services of their own: --target stack');
    },
  };
}

async function worldOn(stack: Stack, name: string): Promise<BenchWorld> {
  const { serviceKey, internal, tenantHosts, replicas } = stack;
  const world = await connectWorld(stack.address, name);
  // PostgreSQL may run as another user, who must be able to pass through.
  await chmod(world.folder, 0o711);
  return {
    ...world,
    isStack: true,
    serverPids: () => Object.values(replicas).flatMap((all) => all.map((replica) => replica.pid())),
    administrator: () => Promise.resolve({ serviceKey, internal, tenantHosts }),
    own: () => {
      throw new NeedsOther('measures one server and what it started: --target standalone');
    },
    stack: () => stack,
  };
}
