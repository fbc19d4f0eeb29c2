import { isUuid } from '@driftbox/domain';
import type { Command } from '../command.ts';
import { UsageError } from '../exit-codes.ts';
import { readMoment } from '../read-moment.ts';
import { undoAll } from '../undo-all.ts';

export const undo: Command = {
  name: 'undo',
  summary: 'Undo everything that a device did since a time; what others did since stays',
  synopsis: '--device ID --since TIME [--dry-run]',
  example: 'driftbox undo --device 0198c5f2-5a0e-7c3b-9d1e-2f4a6b8c0d1e --since 2h --dry-run',
  args: { min: 0, max: 0 },
  flags: {
    device: { value: 'ID', description: 'whose work: a device, as driftbox brake names it, or a user for sign-ins without one' },
    since: { value: 'TIME', description: 'a time such as 2026-01-31T12:00:00Z, or how long ago: 90s, 15m, 12h, 7d' },
    'dry-run': { description: 'show what would be undone, and do nothing' },
  },
  run: async ({ connect, output, given }) => {
    const [device, since] = [given.text('device'), given.text('since')];
    if (device === undefined || since === undefined) throw new UsageError('say whose work, and since when: --device ID --since TIME');
    const wanted = { deviceId: idOf(device), since: readMoment('--since', since, 'before'), dryRun: given.on('dry-run') };
    const { client } = await connect();
    return undoAll(client, output, wanted);
  },
};

function idOf(text: string): string {
  if (!isUuid(text)) throw new UsageError(`${text} is not a device's id: driftbox brake list`);
  return text;
}
