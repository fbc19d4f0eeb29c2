import { Redis } from 'ioredis';

export type { Redis };

/** How long a command may take before it fails; default 5,000 ms. */
type ConnectOptions = { readonly commandTimeoutMs?: number | undefined };

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
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
  });
  redis.on('error', onError);
  return redis;
}
