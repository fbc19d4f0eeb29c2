import { createRedisHintBus, type HintBus } from '@driftbox/event-bus';
import { readRedis, type hintSettings, type Loaded } from '@driftbox/service-kit';
import type { ServiceProcess } from './open-process.ts';

/** What carries hints between the processes of a cell, over Redis; without Redis there is none, and events tell clients later. */
export function openHints({ log, atEnd }: Pick<ServiceProcess, 'log' | 'atEnd'>, loaded: Loaded<typeof hintSettings>): HintBus | undefined {
  const redis = readRedis(loaded);
  if (redis === undefined) return undefined;
  const channel = `${loaded.config.DRIFTBOX_REDIS_PREFIX}hints`;
  const hints = createRedisHintBus({ ...redis, channel, onError: (error) => log.warn({ err: error }, 'hints') });
  atEnd(() => hints.close());
  return hints;
}
