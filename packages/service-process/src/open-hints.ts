import { createRedisHintBus, type HintBus } from '@driftbox/event-bus';
import { readRedisUrl, type hintSettings, type Loaded } from '@driftbox/service-kit';
import type { ServiceProcess } from './open-process.ts';

/** What carries hints between the processes of a cell, over Redis; without Redis there is none, and events tell clients later. */
export function openHints(
  { log, atEnd }: Pick<ServiceProcess, 'log' | 'atEnd'>,
  { config, secrets }: Loaded<typeof hintSettings>,
): HintBus | undefined {
  const url = readRedisUrl(secrets);
  if (url === undefined) return undefined;
  const channel = `${config.DRIFTBOX_REDIS_PREFIX}hints`;
  const hints = createRedisHintBus({ url, channel, onError: (error) => log.warn({ err: error }, 'hints') });
  atEnd(() => hints.close());
  return hints;
}
