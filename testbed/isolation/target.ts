import { httpTransport } from '@driftbox/api-client';
import type { ServiceName } from '@driftbox/protocol';
import { addTenant, serviceKeyOf } from '../src/add-tenant.ts';
import type { AddedTenant } from '../src/register-tenant.ts';
import { behindGateway, startGatewayProcess } from '../src/gateway-process.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';

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

/** A standalone server with two fresh tenants. */
export async function openStandaloneTarget(): Promise<IsolationTarget> {
  const server = await openServer({ DRIFTBOX_INTERNAL_PORT: '0' });
  try {
    return { ...(await twoTenants(server)), address: server.address, servesUnknownHosts: true, close: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The same behind NGINX and verify. */
export async function openGatewayTarget(): Promise<IsolationTarget> {
  const server = await openServer(behindGateway);
  try {
    const tenants = await twoTenants(server);
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

async function twoTenants(server: OpenServer): Promise<Pick<IsolationTarget, 'victim' | 'intruder' | 'inside'>> {
  const victim = await addTenant(server, 'victim.test', { firstAdministrator: {} });
  const intruder = await addTenant(server, 'intruder.test', { firstAdministrator: {} });
  const { internal } = server.process();
  const inside = internal && { addresses: internal, serviceKey: await serviceKeyOf(server.dataFolder) };
  return { victim, intruder, inside };
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
