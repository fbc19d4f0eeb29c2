import type { Client } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { visible } from '../output.ts';
import { readAction } from '../read-action.ts';
import { deviceLine, sessionLine, theDevice, theSession } from '../signed-in.ts';

const needs = { list: 1, remove: 2, sessions: 1, end: 2 } as const;
type Action = keyof typeof needs;
const actions = Object.keys(needs) as Action[];

export const devices: Command = {
  name: 'devices',
  summary: 'List where you are signed in, and sign a device or a session out from afar',
  synopsis: ['[list]', 'remove DEVICE', 'sessions', 'end SESSION'],
  example: 'driftbox devices remove "old laptop"',
  args: { min: 0, max: 2 },
  flags: {},
  completes: actions,
  run: async ({ connect, output, given }) => {
    const action = readAction(given.args[0] ?? 'list', actions);
    if (given.args.length > 0 && given.args.length !== needs[action])
      throw new UsageError(
        action === 'remove' ? 'remove names a device' : action === 'end' ? 'end names a session' : `${action} names nothing`,
      );
    const { client } = await connect();
    const { value, lines } = await perform(client, action, given.args[1] ?? '');
    output.result(value, () => lines);
    return exitCodes.ok;
  },
};

type Done = { readonly value: unknown; readonly lines: string[] };

async function perform(client: Client, action: Action, named: string): Promise<Done> {
  if (action === 'end') {
    const { sessionId, deviceName } = theSession(await allSessions(client), named);
    await client.call(routes.endSession, { params: { session: sessionId } });
    return { value: { sessionId, ended: true }, lines: [`signed out: a session of ${visible(deviceName)}`] };
  }
  if (action === 'sessions') {
    const items = await allSessions(client);
    return { value: { items }, lines: items.map(sessionLine) };
  }
  const items = await allPages((cursor) => client.call(routes.listDevices, { query: { cursor, limit: 1000 } }));
  if (action === 'list') return { value: { items }, lines: items.map(deviceLine) };
  const { deviceId, name } = theDevice(items, named);
  await client.call(routes.removeDevice, { params: { device: deviceId } });
  return { value: { deviceId, removed: true }, lines: [`removed and signed out: ${visible(name)}`] };
}

function allSessions(client: Client) {
  return allPages((cursor) => client.call(routes.listSessions, { query: { cursor, limit: 1000 } }));
}
