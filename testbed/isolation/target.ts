import { httpTransport } from '@driftbox/api-client';
import type { ServiceName } from '@driftbox/protocol';
import { serviceKeyOf } from '../src/add-tenant.ts';
import { registerTenant, type AddedTenant, type CellDoor, type TenantIntent } from '../src/register-tenant.ts';
import { behindGateway, startGatewayProcess } from '../src/gateway-process.ts';
import { openServer } from '../src/open-server.ts';
import { rawRequest } from '../src/raw-request.ts';
import { hostOfTenant } from '../src/target/host-of-tenant.ts';
import { openDoor } from '../src/target/open-door.ts';

/** Somewhere DriftBox runs with two tenants that this suite may use: a standalone server, a gateway, an address given by hand. */
export type IsolationTarget = {
  /** Where clients go; which tenant is meant is said by the host name. */
  readonly address: string;
  readonly victim: AddedTenant;
  readonly intruder: AddedTenant;
  /** False where a host name that no tenant has is not served at all. */
  readonly servesUnknownHosts: boolean;
  /** The cell's own routes, and the key of its services; absent where only the outside can be reached. */
  readonly inside: { readonly addresses: Readonly<Record<ServiceName, string>>; readonly serviceKey: string } | undefined;
  close(): Promise<void>;
};

/** The running target of these tests, or else a standalone server, with two fresh tenants. */
export async function openDoorTarget(): Promise<IsolationTarget> {
  const door = await openDoor();
  try {
    const { address } = door;
    const cell = door.administrator();
    const tenants = await twoTenants(cell, [hostOfTenant(cell, 'victim'), hostOfTenant(cell, 'intruder')]);
    const { status } = await rawRequest(address, { path: '/v1/capabilities', headers: { host: 'nobody.test' } });
    return { ...tenants, address, servesUnknownHosts: status === 200, close: () => door.close() };
  } catch (error) {
    await door.close();
    throw error;
  }
}

/** The same behind NGINX and verify. */
export async function openGatewayTarget(): Promise<IsolationTarget> {
  const server = await openServer(behindGateway);
  try {
    const { internal } = server.process();
    if (internal === undefined) throw new Error('open the server with `behindGateway`');
    const cell = { internal, serviceKey: await serviceKeyOf(server.dataFolder) };
    const tenants = await twoTenants(cell, ['victim.test', 'intruder.test']);
    const gateway = await startGatewayProcess(server, [tenants.victim.host, tenants.intruder.host]);
    const close = async (): Promise<void> => {
      await gateway.close();
      await server.close();
    };
    return { ...tenants, address: gateway.plain, servesUnknownHosts: false, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

type Cell = CellDoor & { readonly internal: Readonly<Record<ServiceName, string>> };

/** Two fresh tenants of a cell, at these hosts. */
export async function twoTenants(
  cell: Cell,
  [first, second]: readonly [string, string],
  limits: TenantIntent['limits'] = {},
): Promise<Pick<IsolationTarget, 'victim' | 'intruder' | 'inside'>> {
  const victim = await registerTenant(cell, first, { firstAdministrator: {}, limits });
  const intruder = await registerTenant(cell, second, { firstAdministrator: {}, limits });
  return { victim, intruder, inside: { addresses: cell.internal, serviceKey: cell.serviceKey } };
}

/** One answer, read whole. */
export type Answer = {
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
};

/** A request by its parts; `host` names the tenant. */
export type Request = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
};

/** Sends requests over connections that are kept: what one request warms, the next one meets. */
export function createSender(): { send(address: string, request: Request): Promise<Answer>; close(): void } {
  const transports = new Map<string, ReturnType<typeof httpTransport>>();
  return {
    async send(address, { body, ...request }) {
      let transport = transports.get(address);
      if (transport === undefined) transports.set(address, (transport = httpTransport(address)));
      const { status, headers, body: bytes } = await transport({ ...request, ...(body === undefined ? {} : { body }) });
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes) pieces.push(piece);
      const text = Buffer.concat(pieces).toString('latin1');
      const isProblem = headers['content-type']?.startsWith('application/problem+json') === true;
      return { status, headers, text, code: isProblem ? (JSON.parse(text) as { code: string }).code : undefined };
    },
    close: () => {
      for (const transport of transports.values()) transport.close();
    },
  };
}
