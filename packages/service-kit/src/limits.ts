/** Limits of a service's requests; each has a default. */
export type RequestLimits = {
  /** For routes that state none; default 1 MiB. */
  readonly jsonBodyBytes?: number | undefined;
  /** Default 30,000. */
  readonly defaultDeadlineMs?: number | undefined;
  /** The most that `DriftBox-Deadline-Ms` may ask for; default 300,000. */
  readonly maximumDeadlineMs?: number | undefined;
  /** Default and maximum for routes that stream in or out; default 24 hours. */
  readonly streamDeadlineMs?: number | undefined;
  /** The longest wait for the next piece of a body; default 30,000. */
  readonly bodyIdleMs?: number | undefined;
  /** How long a client may take for its headers; default 15,000. */
  readonly headersTimeoutMs?: number | undefined;
  /** All headers of a request together; default 16 KiB. */
  readonly headerBytes?: number | undefined;
  /** Open connections per listener; default 10,000. */
  readonly connections?: number | undefined;
  /** How long `stop` waits for requests in flight; default 10,000. */
  readonly drainMs?: number | undefined;
  /** Proxies in front that append to `X-Forwarded-For`; default 0: the header is ignored. */
  readonly trustedProxies?: number | undefined;
};

/** The limits with every default filled in. */
export type FullLimits = { readonly [K in keyof RequestLimits]-?: number };

const defaults: FullLimits = {
  jsonBodyBytes: 2 ** 20,
  defaultDeadlineMs: 30_000,
  maximumDeadlineMs: 300_000,
  streamDeadlineMs: 24 * 3_600_000,
  bodyIdleMs: 30_000,
  headersTimeoutMs: 15_000,
  headerBytes: 16 * 1024,
  connections: 10_000,
  drainMs: 10_000,
  trustedProxies: 0,
};

/** Fills the defaults in. */
export function fullLimits(limits: RequestLimits = {}): FullLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return Object.freeze({ ...defaults, ...Object.fromEntries(given) });
}
