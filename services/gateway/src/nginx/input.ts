import { isIP } from 'node:net';
import { routes, type Route, type ServiceName } from '@driftbox/protocol';
import { z } from 'zod';

/** The services that answer public routes. */
export const publicServices: readonly ServiceName[] = [...new Set(Object.values<Route>(routes).map(({ service }) => service))].sort();

// Values end up in a configuration file: each has a pattern that leaves no room for a directive of its own.
const hostName = z
  .string()
  .max(253)
  .regex(/^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, 'is not a host name in lower case');
const file = z
  .string()
  .max(512)
  .regex(/^\/[\w./-]+$/, 'is not an absolute path of plain characters');
const address = z
  .string()
  .max(300)
  .regex(/^([a-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}$/, 'is not host:port');
const network = z.string().refine((text) => {
  const [ip = '', bits, ...more] = text.split('/');
  const version = isIP(ip);
  const most = version === 4 ? 32 : 128;
  return version !== 0 && more.length === 0 && (bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= most));
}, 'is not an address or a network such as 10.0.0.0/8');
const count = (fallback: number) => z.number().int().min(1).max(1_000_000).default(fallback);
const seconds = (fallback: number) => z.number().int().min(1).max(86_400).default(fallback);

const server = z.strictObject({ address, weight: z.number().int().min(1).max(1000).default(1) });
const ofEach = <T extends z.ZodType>(type: T) => Object.fromEntries(publicServices.map((name) => [name, type])) as Record<ServiceName, T>;
const replicas = z.array(server).min(1).max(256);

/** All that NGINX's configuration depends on, besides the route table. */
export const gatewayInput = z.strictObject({
  /** Holds `nginx.pid` and the folders that NGINX insists on; must be there and be writable. */
  folder: file,
  /** The user of its workers, where NGINX starts as root. */
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/)
    .optional(),
  /** `tls` serves; `plain` serves without TLS, for an ingress in front that ends it; `redirect` sends browsers to HTTPS. */
  listeners: z
    .array(z.strictObject({ address, kind: z.enum(['tls', 'plain', 'redirect']) }))
    .min(1)
    .max(16),
  /** Names that are served, each group with its certificate chain and key in PEM. Requests for others are `not_found`. */
  hosts: z
    .array(z.strictObject({ names: z.array(hostName).min(1).max(256), certificate: file.optional(), key: file.optional() }))
    .min(1)
    .max(256),
  /**
   * Behind an ingress, which sends on only hosts that have a route: `plain` listeners serve whatever host comes, and the services say
   * whose it is. Hosts of tenants come and go without this input.
   */
  anyHost: z.boolean().default(false),
  /** Certificates and keys are read at each handshake, by workers: new files are shown without a reload. */
  renewsCertificates: z.boolean().default(false),
  /** Public listeners of the replicas of each service. */
  upstreams: z.strictObject(ofEach(replicas)),
  /**
   * Services are asked by TLS: `authority`, in PEM, alone certifies them, each under the name that is said here. It is read at start and at
   * a reload, so it must outlive what it certifies. Without this they are asked by plain HTTP.
   */
  upstreamTls: z.strictObject({ authority: file, names: z.strictObject(ofEach(hostName)) }).optional(),
  /** `verify`, beside this NGINX: one address, or one of each of its processes, so that it can be restarted unnoticed. */
  verify: z.union([address.transform((one) => [one]), z.array(address).min(1).max(16)]),
  /** Health and `stub_status`, for the cell alone. */
  status: address.optional(),
  /** Who may say in `X-Forwarded-For` where a request comes from. */
  trustedProxies: z.array(network).max(64).default([]),
  limits: z
    .strictObject({
      /** Of one address (IPv6: a /64), whoever they are. */
      addressRequestsPerSecond: count(500),
      addressRequestBurst: count(2_000),
      /** Of one address, on routes that need no sign-in and change something: sign-in, sign-up, forgotten passwords. */
      openRequestsPerSecond: count(20),
      openRequestBurst: count(100),
      /** Requests and sockets of one address at once. */
      addressConnections: z.number().int().min(1).max(65_535).default(1_000),
      workerConnections: count(16_384),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      /** A client's whole head; the next piece of its body; its taking of the next piece of an answer. */
      clientHeadSeconds: seconds(15),
      clientBodySeconds: seconds(30),
      clientTakeSeconds: seconds(60),
      idleConnectionSeconds: seconds(65),
      connectSeconds: seconds(2),
      /** The first and each further piece of a service's answer: JSON, and where bytes stream. */
      answerSeconds: seconds(60),
      streamSeconds: seconds(300),
      socketSeconds: seconds(120),
      /** After a reload, how long transfers in flight may go on. */
      drainSeconds: seconds(3_600),
    })
    .prefault({}),
  hstsSeconds: z.number().int().min(0).max(63_072_000).default(31_536_000),
  accessLog: file.default('/dev/stdout'),
  errorLog: z.union([z.literal('stderr'), file]).default('stderr'),
  /** From `error` on NGINX quotes request lines, and with them what people call their files and tokens of signed URLs. */
  errorLevel: z.enum(['crit', 'error', 'warn', 'info']).default('crit'),
  workers: z.union([z.literal('auto'), count(1)]).default('auto'),
});

/** A validated input. */
export type GatewayInput = z.output<typeof gatewayInput>;

/** Checks an input. Throws one error that lists everything wrong with it. */
export function parseInput(value: unknown): GatewayInput {
  const outcome = gatewayInput.safeParse(value);
  if (!outcome.success) throw new Error(`The gateway's input is not valid:\n${issuesOf(outcome.error).join('\n')}`);
  const problems = contradictions(outcome.data);
  if (problems.length > 0) throw new Error(`The gateway's input is not valid:\n${problems.join('\n')}`);
  return outcome.data;
}

function issuesOf(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `  ${path.map(String).join('.')}: ${message}`);
}

function contradictions({ hosts, listeners }: GatewayInput): string[] {
  const hasTls = listeners.some(({ kind }) => kind === 'tls');
  const names = hosts.flatMap((host) => host.names);
  return [
    ...hosts.flatMap(({ certificate, key }, index) =>
      hasTls && (certificate === undefined || key === undefined) ? [`  hosts.${index}: a tls listener needs certificate and key`] : [],
    ),
    ...names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [`  hosts: ${name} is named twice`])),
  ];
}
