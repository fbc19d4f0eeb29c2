import { parseDriveId, parseTenantId } from '@driftbox/domain';
import { connectRedis, type Redis, type RedisTrust } from '@driftbox/redis';
import { currentTraceparent, traced } from '@driftbox/tracing';
import { deliverHint, type SentHint } from '../deliver-hint.ts';
import type { Hint, HintBus } from '../hint-bus.ts';

/** How hints travel through Redis. */
export type RedisHintBusOptions = {
  /** `redis://` or `rediss://user:password@host:port`. */
  readonly url: string;
  readonly trust?: RedisTrust | undefined;
  /** One for each cell. */
  readonly channel: string;
  /** Hints sent and not yet taken by Redis; more are dropped. Default 1,000. */
  readonly maxInFlight?: number | undefined;
  /** How long `subscribe` waits for a Redis that does not answer; default 5,000 ms. Then it hears hints once Redis is back. */
  readonly subscribeTimeoutMs?: number | undefined;
  /** Told what a listener threw, and of connections that broke: for a log. */
  readonly onError?: ((error: unknown) => void) | undefined;
};

const step = { name: 'publish hint', kind: 'client', attributes: { 'db.system.name': 'redis', 'db.query.summary': 'PUBLISH' } } as const;

/**
 * A hint bus between processes, over Redis's publish and subscribe. Redis keeps nothing for who is not connected, which is
 * all that a hint needs: while Redis is lost or slow hints are dropped, and nobody waits for it.
 */
export function createRedisHintBus(options: RedisHintBusOptions): HintBus {
  const { url, trust, channel, maxInFlight = 1_000, subscribeTimeoutMs = 5_000, onError = () => {} } = options;
  const publisher = connectRedis(url, onError, { trust });
  const subscriber = connectRedis(url, onError, { trust });
  const listeners = new Set<(hint: Hint) => void>();
  let inFlight = 0;
  let isClosed = false;

  subscriber.on('ready', () => void subscriber.subscribe(channel).catch(onError));
  subscriber.on('message', (_channel: string, text: string) => {
    const sent = parseHint(text);
    if (sent !== undefined) deliverHint(sent, { system: 'redis', listeners, onError });
  });

  /** True once Redis has both connections and this process's subscription. */
  async function isHeard(): Promise<boolean> {
    const signal = AbortSignal.timeout(subscribeTimeoutMs);
    const settled = Promise.all([untilReady(publisher, signal), untilReady(subscriber, signal).then(() => subscriber.subscribe(channel))]);
    return settled.then(
      () => true,
      () => false,
    );
  }

  return {
    publish: (hint) => {
      if (isClosed || publisher.status !== 'ready' || inFlight >= maxInFlight) return;
      inFlight += 1;
      traced(step, () => publisher.publish(channel, JSON.stringify({ ...hint, traceparent: currentTraceparent() })))
        .catch(onError)
        .finally(() => (inFlight -= 1));
    },
    subscribe: async (listener) => {
      // A function of its own: subscribing one twice is two subscriptions.
      const own = (hint: Hint): void => listener(hint);
      listeners.add(own);
      if (!(await isHeard())) onError(new Error(`Redis has not answered for ${subscribeTimeoutMs} ms; hints are lost until it does`));
      return { stop: async () => void listeners.delete(own) };
    },
    close: async () => {
      isClosed = true;
      listeners.clear();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

async function untilReady(redis: Redis, signal: AbortSignal): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    signal.addEventListener('abort', () => {
      redis.off('ready', resolve);
      reject(new Error('not ready in time'));
    });
  });
}

/** Answers the hint, or `undefined` where the text is none: the channel may be written to by others. */
function parseHint(text: string): SentHint | undefined {
  try {
    const { tenantId, drive, driveEpoch, seq, sentAtMs, traceparent } = Object(JSON.parse(text)) as Record<string, unknown>;
    const [tenant, id] = [parseTenantId(String(tenantId)), parseDriveId(String(drive))];
    if (tenant === undefined || id === undefined || typeof driveEpoch !== 'string' || !Number.isSafeInteger(seq)) return undefined;
    const sent = typeof sentAtMs === 'number' ? { sentAtMs } : {};
    const hint = { tenantId: tenant, drive: id, driveEpoch, seq: seq as number, ...sent };
    return { hint, ...(typeof traceparent === 'string' ? { sentBy: traceparent } : {}) };
  } catch {
    return undefined;
  }
}
