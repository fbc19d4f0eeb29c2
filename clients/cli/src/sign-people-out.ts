import { routes } from '@driftbox/protocol';
import { allPages } from './all-pages.ts';
import type { Context } from './command.ts';
import { UsageError, exitCodes, type ExitCode } from './exit-codes.ts';
import { visible } from './output.ts';
import { findPerson } from './people.ts';
import { deviceLine, sessionLine, theDevice, theSession } from './signed-in.ts';

/** `driftbox admin devices`: where somebody of the tenant signs in, and one of their devices signed out from afar. */
export async function peoplesDevices({ output, connect }: Context, words: readonly string[]): Promise<ExitCode> {
  const { email, named } = readWords(words, 'devices', 'remove', 'DEVICE');
  const { client } = await connect();
  const { userId: user } = await findPerson(client, email);
  const items = await allPages((cursor) => client.call(routes.listUserDevices, { params: { user }, query: { cursor, limit: 1000 } }));
  if (named === undefined) {
    output.result({ user, items }, () => items.map(deviceLine));
    return exitCodes.ok;
  }
  const { deviceId, name } = theDevice(items, named);
  await client.call(routes.removeUserDevice, { params: { user, device: deviceId } });
  output.result({ user, deviceId, removed: true }, () => [`removed and signed out: ${visible(name)} of ${visible(email)}`]);
  return exitCodes.ok;
}

/** `driftbox admin sessions`: the same for single sessions. */
export async function peoplesSessions({ output, connect }: Context, words: readonly string[]): Promise<ExitCode> {
  const { email, named } = readWords(words, 'sessions', 'end', 'SESSION');
  const { client } = await connect();
  const { userId: user } = await findPerson(client, email);
  const items = await allPages((cursor) => client.call(routes.listUserSessions, { params: { user }, query: { cursor, limit: 1000 } }));
  if (named === undefined) {
    output.result({ user, items }, () => items.map(sessionLine));
    return exitCodes.ok;
  }
  const { sessionId, deviceName } = theSession(items, named);
  await client.call(routes.endUserSession, { params: { user, session: sessionId } });
  output.result({ user, sessionId, ended: true }, () => [`signed out: a session of ${visible(deviceName)} of ${visible(email)}`]);
  return exitCodes.ok;
}

/** `ADDRESS`, or `ADDRESS remove DEVICE`. */
function readWords([email, verb, named, more]: readonly string[], what: string, ends: string, one: string) {
  const isWhole = verb === undefined ? named === undefined : verb === ends && named !== undefined;
  if (email === undefined || more !== undefined || !isWhole)
    throw new UsageError(`it is admin ${what} ADDRESS or admin ${what} ADDRESS ${ends} ${one}`);
  return { email, named };
}
