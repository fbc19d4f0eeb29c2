import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFileKeyManager } from '@driftbox/chunk-store';
import { serviceNames, type ServiceName } from '@driftbox/protocol';
import { freePort, freePorts, makeCertificate } from '@driftbox/testkit';
import { keepLogs, keepTestLogs } from '../src/keep-logs.ts';
import { certificateFile } from '../src/print-gateway.ts';
import { registerTenant, type AddedTenant, type TenantIntent } from '../src/register-tenant.ts';
import { startReplica, type Replica } from '../src/replica.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { prepareGateway, startVerify } from '../src/start-gateway.ts';
import { tracingFromHere } from '../src/tracing-from-here.ts';
import { startBalancer, type InternalPorts } from './balancer.ts';
import { startPart, type Part } from './part.ts';
import { requireInstalled } from './require-installed.ts';
import { settingsOf, type CellParts, type CellSecrets } from './service-settings.ts';
import { startBackends, type Backends, type Keep } from './start-backends.ts';

/** How large a stack is to be. */
export type StackOptions = {
  /** One node of each back end instead of redundant ones. */
  readonly small: boolean;
  /** Processes of each service: 1 to 4. */
  readonly replicas: number;
  /** Settings of every service besides those that a stack needs. */
  readonly settings?: Readonly<Record<string, string>>;
  /** By which OpenTelemetry variables its processes trace; default those of this process. */
  readonly tracing?: Readonly<Record<string, string>> | undefined;
  /** Of the gateway's limits, those that are not to be as by default. */
  readonly gatewayLimits?: Readonly<Record<string, number>>;
  /** Of its tenant's limits, those that are not to be as by default. */
  readonly tenantLimits?: TenantIntent['limits'];
  /** Hosts of further tenants whose people may sign in at the stack's OpenID provider, by an issuer of the same name. */
  readonly signInHosts?: readonly string[];
  /** Whether its parts call one another by TLS, as those of a cell in a cluster do. */
  readonly innerTls?: boolean;
  /** Told each step, for people who wait. */
  readonly report: (line: string) => void;
  /** Ends the start: what has started by then is stopped again, and `startStack` throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Stands between services and back ends: answers the addresses that services are to use, and secrets in place of ones made here. */
  readonly between?: ((backends: Backends) => Promise<Backends & { readonly secrets?: Partial<CellSecrets> }>) | undefined;
};

/** A whole cell in processes of their own, with a tenant to which anybody may sign up. */
export type Stack = {
  /** What people and clients use; its certificate is in `certificateFile` (`NODE_EXTRA_CA_CERTS`). */
  readonly address: string;
  readonly certificateFile: string;
  readonly tenant: AddedTenant;
  /** Under which names the gateway serves further tenants. */
  readonly tenantHosts: string;
  readonly serviceKey: string;
  /** Where the cell's own routes are. */
  readonly internal: Readonly<Record<ServiceName, string>>;
  readonly replicas: Readonly<Record<ServiceName, readonly Replica[]>>;
  /** Where the gateway asks those. */
  readonly upstreams: Readonly<Record<ServiceName, readonly string[]>>;
  /** Those that the gateway asks. */
  readonly verifies: readonly Replica[];
  readonly backends: Backends;
  readonly gateway: Part;
  /** Holds every log, until `stop`. */
  readonly folder: string;
  /** Stops everything in the opposite order of starting, and removes its files unless they are to be kept. */
  stop(keep?: boolean): Promise<void>;
};

/** Where people find what the parts of a stack said that did not start. */
const failedLogs = path.join(projectFolder, '.cache/stack-logs');

/** Under which name people sign in at the stack's OpenID provider. */
export const stackIssuer = 'corp';

type Started = { stop(): Promise<unknown> }[];

/**
 * Starts a stack under the system's temporary folder. Throws when a part does not start: nothing is left running then, and all
 * logs are in `.cache/stack-logs`.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  requireInstalled();
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-stack-'));
  // PostgreSQL may run as another user, who must be able to pass through.
  await chmod(folder, 0o711);
  const started: Started = [];
  const end = async (): Promise<void> => {
    for (const running of started.splice(0).reverse()) await running.stop();
  };
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const keep: Keep = (running) => {
    started.push(running);
    options.signal?.throwIfAborted();
  };
  try {
    const stack = await start(options, folder, keep);
    const stop = async (isKept = false): Promise<void> => {
      await end();
      await keepTestLogs(folder);
      if (!isKept) await remove();
    };
    return { ...stack, folder, stop };
  } catch (error) {
    await end();
    await rm(failedLogs, { recursive: true, force: true });
    await keepLogs(folder, failedLogs);
    await keepTestLogs(folder);
    await remove();
    options.report(`the logs of what had started are in ${failedLogs}`);
    throw error;
  }
}

async function start(options: StackOptions, folder: string, keep: Keep): Promise<Omit<Stack, 'folder' | 'stop'>> {
  const { small, replicas: count, tracing = tracingFromHere(), gatewayLimits, tenantLimits = {} } = options;
  const settings = { ...tracing, ...options.settings };
  const { signInHosts = [], innerTls = false, report, between } = options;
  const host = 'localhost';
  const port = await freePort();
  const redirectUris = [host, ...signInHosts].map((name) => `https://${name}:${port}/v1/oauth/${stackIssuer}/callback`);
  const started = await startBackends({ folder, small, redirectUris, keep, report });
  const backends: Backends & { readonly secrets?: Partial<CellSecrets> } = (await between?.(started)) ?? started;
  const placed = await placeReplicas(count);
  const { internal, inside, certificate } = await startBalancers(folder, placed, innerTls, keep);
  // The certificate is for these.
  const tenantHosts = '*.cell.test';
  const address = `https://${host}:${port}`;
  const random = (): string => randomBytes(32).toString('base64url');
  const secrets = { serviceKey: random(), signingKeySecret: random(), contentUrlSecret: random(), ...backends.secrets };
  const cell = path.join(folder, 'cell');
  await mkdir(cell, { mode: 0o700 });
  const of = { backends, secrets, folder: cell, replicas: count };
  const parts: CellParts = { ...of, internal: inside, publicUrl: address, settings, certificate };
  // As an administrator provides it: what services find absent each would make.
  await openFileKeyManager(path.join(cell, 'key-encryption-keys.json'));
  const starting = placed.map(async (one) => {
    const own = await startReplicas(one, parts, keep);
    report(`${one.service} is up, ${count} of ${count}`);
    return [one.service, own] as const;
  });
  const gatewayFolder = path.join(folder, 'gateway');
  const { serviceKey } = secrets;
  const { redisUrl } = backends;
  const trusted = certificate === undefined ? {} : { authority: certificate.cert };
  const [status = 0] = await freePorts(1);
  const verifying = Array.from({ length: count }, async (_, index) => {
    const common = { name: `verify-${index + 1}`, folder: gatewayFolder, serviceKey, internal: inside, redisUrl, tracing, ...trusted };
    // There is one NGINX, so that one of them tells of it.
    const verify = await startVerify({ ...common, ...(index === 0 ? { nginxStatus: status } : {}) });
    keep(verify);
    return verify;
  });
  await Promise.allSettled([...starting, ...verifying]);
  const verifies = await Promise.all(verifying);
  const replicas = Object.fromEntries(await Promise.all(starting)) as Record<ServiceName, readonly Replica[]>;
  const upstreams = upstreamsOf(placed, innerTls ? 'tlsPorts' : 'ports');
  const listeners = [{ address: `127.0.0.1:${port}`, kind: 'tls' as const }];
  const verify = verifies.map((one) => one.address);
  const startNginx = await prepareGateway({
    folder: gatewayFolder,
    listeners,
    names: [host, tenantHosts],
    verify,
    upstreams,
    status,
    ...trusted,
    ...(gatewayLimits === undefined ? {} : { limits: gatewayLimits }),
  });
  const gateway = await startPart('gateway', startNginx);
  keep(gateway);
  report('the gateway is up');
  const { issuer, clientId, clientSecret } = backends.oidc;
  const issuers = [{ name: stackIssuer, issuer, clientId, clientSecret }];
  const tenant = await registerTenant({ internal, serviceKey }, host, { name: 'stack', issuers, limits: tenantLimits });
  report('the tenant is registered');
  return { address, certificateFile, tenant, tenantHosts, serviceKey, internal, replicas, upstreams, verifies, backends, gateway };
}

type Placed = { readonly service: ServiceName } & Readonly<
  Record<'ports' | 'internalPorts' | 'tlsPorts' | 'internalTlsPorts', readonly number[]>
>;

/** Ports for so many replicas of each service. */
async function placeReplicas(count: number): Promise<readonly Placed[]> {
  const ports = await freePorts(4 * count * serviceNames.length);
  return serviceNames.map((service, index) => {
    const own = (nth: number): readonly number[] => ports.slice(count * (4 * index + nth), count * (4 * index + nth + 1));
    return { service, ports: own(0), internalPorts: own(1), tlsPorts: own(2), internalTlsPorts: own(3) };
  });
}

/** Where the gateway asks each. */
function upstreamsOf(placed: readonly Placed[], kind: 'ports' | 'tlsPorts'): Readonly<Record<ServiceName, readonly string[]>> {
  const all = placed.map((one): [string, readonly string[]] => [one.service, one[kind].map((port) => `127.0.0.1:${port}`)]);
  return Object.fromEntries(all) as Record<ServiceName, readonly string[]>;
}

/** Where others reach the cell, and where its parts call one another: by TLS if they are to, and then by this certificate. */
async function startBalancers(folder: string, placed: readonly Placed[], innerTls: boolean, keep: Keep) {
  const portsOf = (kind: 'internalPorts' | 'internalTlsPorts'): InternalPorts =>
    Object.fromEntries(placed.map((one): [string, readonly number[]] => [one.service, one[kind]])) as InternalPorts;
  const internal = await startBalancer(path.join(folder, 'balancer'), portsOf('internalPorts'), keep);
  if (!innerTls) return { internal, inside: internal, certificate: undefined };
  const certificate = await makeCertificate(folder, 'DNS:localhost');
  const inside = await startBalancer(path.join(folder, 'tls-balancer'), portsOf('internalTlsPorts'), keep, certificate);
  return { internal, inside, certificate };
}

async function startReplicas({ service, ports, ...more }: Placed, parts: CellParts, keep: Keep): Promise<readonly Replica[]> {
  const starting = ports.map(async (port, index) => {
    const internalPort = more.internalPorts[index] ?? 0;
    const [tlsPort = 0, internalTlsPort = 0] = [more.tlsPorts[index], more.internalTlsPorts[index]];
    const replica = await startReplica({
      name: `${service}-${index + 1}`,
      main: path.join(projectFolder, 'services', service, 'src/main.ts'),
      env: settingsOf(service, parts, { port, internalPort, tlsPort, internalTlsPort }),
      port,
      internalPort,
      folder: parts.folder,
    });
    keep(replica);
    return replica;
  });
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
