import { createCellDoor, probeGateway, type CellDoor } from '@driftbox/operator';
import { cellKind, storagePoolKind } from '@driftbox/resources';
import { serviceKeyOf } from '../src/add-tenant.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';

/** Real services that stand for a cell, and the Cell and StoragePool that stand for them. */
export type CellOfTest = AsyncDisposable & {
  readonly name: string;
  readonly pool: string;
  /** Tenants are reached directly under it. */
  readonly domain: string;
  /** Where the services answer for every host. */
  readonly address: string;
  /** The operator's way in. */
  readonly door: CellDoor;
  readonly server: OpenServer;
  /** Cuts the operator's way in until the answer is disposed of. */
  cut(): Disposable;
};

// Nobody but the test deploys this cell.
const paused = { 'driftbox.io/paused': 'true' };

/** Starts a server with all services, and makes its Cell in the cluster. */
export async function openCell(cluster: ClusterOfTest, spec: object = {}): Promise<CellOfTest> {
  const server = await openServer({ DRIFTBOX_INTERNAL_PORT: '0', DRIFTBOX_SIGN_UP: 'closed' });
  const name = `c-${cluster.namespace}`;
  const pool = `p-${cluster.namespace}`;
  const domain = `${cluster.namespace}.example.com`;
  const { internal } = server.process();
  if (internal === undefined) throw new Error('the server opened no internal ports');
  await cluster.apply(
    storagePoolKind,
    pool,
    { external: { endpoint: 'http://127.0.0.1:9', bucket: 'packs', credentialsSecret: 's3' } },
    paused,
  );
  await cluster.apply(cellKind, name, { version: '0.1.0', profile: 'tiny', domain, pools: [pool], ...spec }, paused);
  const door = createCellDoor({
    internal,
    serviceKey: await serviceKeyOf(server.dataFolder),
    probe: (host, signal) => probeGateway({ address: server.address }, host, signal),
  });
  let isCut = false;
  const through = <Given extends readonly unknown[], T>(call: (...given: Given) => Promise<T>) => {
    return async (...given: Given): Promise<T> => {
      if (isCut) throw new Error('the cell does not answer');
      return call(...given);
    };
  };
  return {
    name,
    pool,
    domain,
    address: server.address,
    door: { view: through(door.view), put: through(door.put), erase: through(door.erase), probe: door.probe },
    server,
    cut: () => {
      isCut = true;
      return { [Symbol.dispose]: () => void (isCut = false) };
    },
    async [Symbol.asyncDispose]() {
      door.close();
      await server.close();
    },
  };
}
