import { temporaryFolder } from '@driftbox/testkit';
import { serviceKeyOf } from '../add-tenant.ts';
import { openServer, type OpenServer } from '../open-server.ts';
import { testTarget, type TargetAdministrator } from './test-target.ts';

/** A DriftBox to which anybody may sign up: what tests use that need no more than its public address. */
export type OpenDoor = {
  readonly address: string;
  /** For files of the test. */
  readonly folder: string;
  /** The server behind it, where it was started for this test. Throws on a running target: see `testThatNeeds`. */
  server(): OpenServer;
  /** Throws where the target was given without: see `testThatNeeds`. */
  administrator(): TargetAdministrator;
  close(): Promise<void>;
};

/** Opens the running target of these tests, or else a standalone server of its own. Close it, also after a failure. */
export async function openDoor(): Promise<OpenDoor> {
  const target = testTarget();
  if (target === undefined) return ownDoor();
  const { address, administrator } = target;
  const folder = await temporaryFolder();
  return {
    address,
    folder: folder.path,
    server: () => {
      throw new Error('this target is not a server of the test: declare it with testThatNeeds');
    },
    administrator: () => {
      if (administrator === undefined) throw new Error("this target came without an administrator's key: declare it with testThatNeeds");
      return administrator;
    },
    close: () => folder.remove(),
  };
}

async function ownDoor(): Promise<OpenDoor> {
  const server = await openServer({ DRIFTBOX_INTERNAL_PORT: '0' });
  const serviceKey = await serviceKeyOf(server.dataFolder);
  return {
    address: server.address,
    folder: server.folder,
    server: () => server,
    administrator: () => {
      const { internal } = server.process();
      if (internal === undefined) throw new Error('the server has no internal port');
      return { serviceKey, internal, tenantHosts: '*.test' };
    },
    close: () => server.close(),
  };
}
