import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { Redis, type RedisOptions } from 'ioredis';

export type { Redis };

/** Who vouches for a server of `rediss://`, and who one is to a server that asks; all in PEM. Its name is checked in any case. */
export type RedisTrust = {
  readonly ca?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

/** How long to wait for it, and by whom it is known. */
export type ConnectOptions = {
  /** How long a command may take before it fails; default 5,000 ms. */
  readonly commandTimeoutMs?: number | undefined;
  readonly trust?: RedisTrust | undefined;
};

/**
 * A connection that is made again for ever, and keeps no command for later: while there is none, a command fails at once.
 * `url` is `redis://` or `rediss://user:password@host:port`; `onError` hears of connections that broke. `disconnect` ends it.
 */
export function connectRedis(url: string, onError: (error: unknown) => void, options: ConnectOptions = {}): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: options.commandTimeoutMs ?? 5_000,
    ...tlsOf(url, options.trust),
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
  });
  redis.on('error', (error) => onError(withoutCommand(error)));
  return redis;
}

/** An error of ioredis with what it says alone, for a log: it has the command with it, and so a password or what was to be kept. */
export function withoutCommand(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) Reflect.deleteProperty(error, 'command');
  return error;
}

/** Connects once, is answered once, and leaves. Throws the first thing that was in the way. */
export async function tryRedis(url: string, options: ConnectOptions = {}): Promise<void> {
  await askRedis(url, options, (redis) => redis.ping());
}

/** Connects for one question, and leaves with its answer. Throws the first thing that was in the way. */
export async function askRedis<T>(url: string, options: ConnectOptions, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const { commandTimeoutMs = 5_000, trust } = options;
  try {
    return await askOnce(url, commandTimeoutMs, trust, ask);
  } catch (error) {
    const isReset = (error as NodeJS.ErrnoException).code === 'ECONNRESET' && url.startsWith('rediss://');
    throw (isReset ? await listenOnce(url, commandTimeoutMs, trust) : undefined) ?? error;
  }
}

/**
 * What a server that lets nobody in says by TLS to who only listens. By TLS 1.3 it judges a certificate when the client may write already;
 * to who has written it answers with a reset, which may overtake why.
 */
function listenOnce(url: string, timeoutMs: number, trust: RedisTrust | undefined): Promise<Error | undefined> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), servername: isIP(host) === 0 ? host : '', ...tlsOf(url, trust).tls });
  const said = new Promise<Error | undefined>((resolve) => {
    socket.on('error', resolve);
    socket.once('close', () => resolve(undefined));
    socket.setTimeout(timeoutMs, () => socket.destroy());
  });
  socket.resume();
  return said;
}

async function askOnce<T>(url: string, timeoutMs: number, trust: RedisTrust | undefined, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const failed = Promise.withResolvers<never>();
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    retryStrategy: () => null,
    ...tlsOf(url, trust),
  });
  redis.on('error', failed.reject);
  try {
    return await Promise.race([failed.promise, redis.connect().then(() => ask(redis))]);
  } catch (error) {
    throw withoutCommand(error);
  } finally {
    redis.disconnect();
  }
}

/** In plain there is nobody to trust, and nothing to show. */
function tlsOf(url: string, { ca, cert, key }: RedisTrust = {}): Pick<RedisOptions, 'tls'> {
  if (!url.startsWith('rediss://')) return {};
  return {
    tls: { ...(ca === undefined ? {} : { ca: [...ca] }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) },
  };
}
