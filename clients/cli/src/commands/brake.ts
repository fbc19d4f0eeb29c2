import type { Client } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import type { HeldDevice } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { undoAll } from '../undo-all.ts';
import { showTime, visible } from '../output.ts';
import { readAction } from '../read-action.ts';

const actions = ['list', 'accept', 'undo'] as const;

export const brake: Command = {
  name: 'brake',
  summary: 'List devices held for deleting or rewriting very much; let one go on, or undo',
  synopsis: ['[list]', 'accept [DEVICE]', 'undo [DEVICE] [--dry-run]'],
  example: 'driftbox brake undo --dry-run',
  args: { min: 0, max: 2 },
  flags: { 'dry-run': { description: 'with undo: show what would be undone, and do nothing' } },
  completes: actions,
  run: async ({ connect, output, given }) => {
    const [word = 'list', device] = given.args;
    const action = readAction(word, actions);
    if (action === 'list' && device !== undefined) throw new UsageError('list takes no device');
    const { client } = await connect();
    const held = await allHeld(client);
    if (action === 'list') {
      const names = await namesOf(client);
      output.result({ items: held }, () => (held.length === 0 ? ['No device is held'] : held.flatMap((one) => linesOf(one, names))));
      return exitCodes.ok;
    }
    const one = choose(held, device);
    if (action === 'undo') {
      const code = await undoAll(client, output, { deviceId: one.deviceId, since: one.since, dryRun: given.on('dry-run') });
      if (!given.on('dry-run')) output.note(`The device stays held until: driftbox brake accept ${one.deviceId}`);
      return code;
    }
    const { freeUntil } = await client.call(routes.releaseDevice, { body: { deviceId: one.deviceId } });
    const told =
      freeUntil === undefined ? 'it was not held any more' : `the device may go on, and is not counted until ${showTime(freeUntil)}`;
    output.result({ deviceId: one.deviceId, freeUntil }, () => [`accepted: ${told}`]);
    return exitCodes.ok;
  },
};

/** The held device of an id; without one, the only one there is. */
function choose(held: readonly HeldDevice[], device: string | undefined): HeldDevice {
  const [one, another] = device === undefined ? held : held.filter((each) => each.deviceId === device);
  if (one === undefined) throw new Problem('not_found', device === undefined ? 'No device is held' : `${device} is not held`);
  if (another !== undefined) throw new UsageError('more than one device is held: name one of driftbox brake list');
  return one;
}

function allHeld(client: Client): Promise<HeldDevice[]> {
  return allPages((cursor) => client.call(routes.listHeldDevices, { query: { cursor, limit: 1000 } }));
}

/** What the caller calls their devices. */
async function namesOf(client: Client): Promise<Map<string, string>> {
  const { items } = await client.call(routes.listDevices, { query: { limit: 1000 } });
  return new Map(items.map(({ deviceId, name }) => [deviceId, name]));
}

function linesOf({ deviceId: device, since, heldAt, files, limitFiles }: HeldDevice, names: ReadonlyMap<string, string>): string[] {
  const name = names.get(device);
  return [
    `${device}${name === undefined ? '' : `  ${visible(name)}`}`,
    `  held at ${showTime(heldAt)}: about to delete or rewrite ${files} files since ${showTime(since)}, more than ${limitFiles}`,
    `  driftbox brake undo ${device}    puts back what it did`,
    `  driftbox brake accept ${device}  lets it go on`,
  ];
}
