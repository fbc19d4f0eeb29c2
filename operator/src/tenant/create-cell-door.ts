import { createClient, httpTransport, type Client, type HttpTransport } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import { Problem, routes, tenantErasers, type ServiceName, type TenantIntent } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import type { CellDoor, Keeper, Kept, Probe, PutOutcome } from './cell-door.ts';

/** Where and how a cell is administered. */
export type CellAccess = {
  readonly internal: Readonly<Record<ServiceName, string>>;
  /** In PEM: what alone certifies those, where they are asked by TLS. */
  readonly authority?: string | undefined;
  readonly serviceKey: string;
  /** Asks the gateway as somebody who comes to this host. */
  readonly probe: (host: string, signal: AbortSignal) => Promise<Probe>;
};

/** Half of it is what a service works for when it erases. */
const eraseDeadlineMs = 20_000;
const getters = { metadata: routes.getTenantInMetadata, upload: routes.getTenantInUpload, auth: routes.getTenantInAuth } as const;
const putters = { metadata: routes.putTenantInMetadata, upload: routes.putTenantInUpload, auth: routes.putTenantInAuth } as const;

/** The way into a cell over HTTP. Sockets are kept; close it when the cell is forgotten. */
export function createCellDoor({ internal, authority, serviceKey, probe }: CellAccess): CellDoor & { close(): void } {
  const transports = new Map<ServiceName, HttpTransport>();
  const clientOf = (service: ServiceName): Client => {
    const transport = transports.get(service) ?? httpTransport(internal[service], { maxSockets: 4, idleTimeoutMs: 30_000, authority });
    transports.set(service, transport);
    // A pass is repeated as a whole: what calls repeated would only hold it up.
    return createClient({ transport, retry: { attempts: 1 } });
  };
  const tokenFor = (tid: TenantId) => () => signServiceToken(serviceKey, { caller: 'admin', tid });

  return {
    probe,
    async view(tenantId, signal) {
      const call = { params: { tenant: tenantId }, token: tokenFor(tenantId), signal };
      const ask = (keeper: Keeper) => orProblem(clientOf(keeper).call<(typeof getters)[Keeper]>(getters[keeper], call));
      const [metadata, upload, auth] = await Promise.all([ask('metadata'), ask('upload'), ask('auth')]);
      const held = usageOf(metadata);
      const users = usageOf(auth)['users'] ?? 0;
      const bytes = ['current', 'history', 'trash', 'inFlight'].reduce((sum, name) => sum + (held[name] ?? 0), 0);
      return {
        kept: { metadata: keptOf(metadata), upload: keptOf(upload), auth: keptOf(auth) },
        usage: { storageBytes: bytes, files: held['files'] ?? 0, users },
        content: 'content' in upload ? upload.content : { damagedChunks: 0 },
      };
    },
    async put(keeper, intent, signal): Promise<PutOutcome> {
      const { tenantId } = intent;
      const call = { params: { tenant: tenantId }, body: intent, token: tokenFor(tenantId), signal };
      const answer = await orProblem(clientOf(keeper).call<(typeof putters)[Keeper]>(putters[keeper], call));
      if (!(answer instanceof Problem)) return { kind: 'put' };
      if (answer.code === 'tenant_erased') return { kind: 'erased' };
      if (answer.code === 'already_exists') return { kind: 'hostsTaken', hosts: hostsOf(answer) };
      throw answer;
    },
    async erase(service, tenantId, signal) {
      const route = tenantErasers.find((one) => one.service === service);
      if (route === undefined) throw new Error(`${service} erases no tenants`);
      const call = { params: { tenant: tenantId }, token: tokenFor(tenantId), deadlineMs: eraseDeadlineMs, signal };
      return clientOf(service).call(route, call);
    },
    close: () => transports.forEach((transport) => transport.close()),
  };
}

type Answer = { readonly intent: TenantIntent; readonly usage: object };

/** What the service said, refusals included; throws where it said nothing that helps. */
async function orProblem<T>(call: Promise<T>): Promise<T | Problem> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Problem && ['not_found', 'tenant_erased', 'already_exists'].includes(error.code)) return error;
    throw error;
  }
}

function keptOf(answer: Answer | Problem): Kept {
  if (!(answer instanceof Problem)) return { kind: 'kept', intent: answer.intent };
  return { kind: answer.code === 'tenant_erased' ? 'erased' : 'absent' };
}

function usageOf(answer: Answer | Problem): Readonly<Record<string, number>> {
  return answer instanceof Problem ? {} : { ...answer.usage };
}

function hostsOf({ details }: Problem): string[] {
  const hosts: unknown = details?.['hosts'];
  return Array.isArray(hosts) ? hosts.map(String) : [];
}
