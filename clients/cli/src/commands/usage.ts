import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { showBytes, visible } from '../output.ts';

type Lines = { current: number; history: number; trash: number; inFlight: number; files: number; limitBytes?: number | undefined };

export const usage: Command = {
  name: 'usage',
  summary: 'Show how much is stored, and the limits',
  synopsis: '',
  example: 'driftbox usage',
  args: { min: 0, max: 0 },
  flags: {},
  run: async ({ connect, output }) => {
    const { client } = await connect();
    const held = await client.call(routes.getUsage);
    output.result(held, () => [
      line('you', held.user),
      ...(held.tenant === undefined ? [] : [line('everybody', held.tenant)]),
      ...held.drives.map((drive) => line(`drive ${visible(drive.name)}`, drive)),
    ]);
    return exitCodes.ok;
  },
};

function line(what: string, held: Lines): string {
  const used = held.current + held.history + held.trash;
  const limit = held.limitBytes === undefined ? '' : ` of ${showBytes(held.limitBytes)}`;
  const parts = `now ${showBytes(held.current)}, history ${showBytes(held.history)}, trash ${showBytes(held.trash)}`;
  return `${what}: ${showBytes(used)}${limit} (${parts}), ${held.files} files`;
}
