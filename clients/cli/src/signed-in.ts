import type { OpenSession, SignedInDevice } from '@driftbox/protocol';
import { Problem } from '@driftbox/protocol';
import { UsageError } from './exit-codes.ts';
import { showTime, visible } from './output.ts';

export function deviceLine({ deviceId, name, kind, lastSeenAt, current }: SignedInDevice): string {
  return lineOf(deviceId, `${name} (${kind})`, `last seen ${showTime(lastSeenAt)}`, current);
}

export function sessionLine({ sessionId, deviceName, lastUsedAt, current }: OpenSession): string {
  return lineOf(sessionId, deviceName, `last used ${showTime(lastUsedAt)}`, current);
}

/** The device of this id or name. Throws `not_found`, and where a name is that of several. */
export function theDevice(items: readonly SignedInDevice[], named: string): SignedInDevice {
  return theOne(items, ({ deviceId, name }) => deviceId === named || name === named, 'device', named);
}

/** The session of this id. Throws `not_found`. */
export function theSession(items: readonly OpenSession[], named: string): OpenSession {
  return theOne(items, ({ sessionId }) => sessionId === named, 'session', named);
}

function theOne<T>(items: readonly T[], isMeant: (one: T) => boolean, what: string, named: string): T {
  const [found, other] = items.filter(isMeant);
  if (found === undefined) throw new Problem('not_found', `there is no ${what} ${visible(named)}: without it they are listed`);
  if (other !== undefined) throw new UsageError(`several are called ${visible(named)}: name one by its id`);
  return found;
}

function lineOf(id: string, name: string, when: string, current: boolean): string {
  return visible(`${id}  ${name}  ${when}${current ? '  (this one)' : ''}`);
}
