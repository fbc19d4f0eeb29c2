import { readNumber } from '@driftbox/command-line';
import { routes, type Deed } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { showTime, visible } from '../output.ts';
import { findRemote, needEntry, remoteNames } from '../remote-path.ts';

const mostDeeds = 100_000;

export const activity: Command = {
  name: 'activity',
  summary: 'Show who did what to a file or folder, or in a whole drive, newest first',
  synopsis: '[PATH] [--limit 100]',
  example: 'driftbox activity /plans/budget.xlsx',
  args: { min: 0, max: 1 },
  flags: { limit: { value: 'N', description: `at most so many, 100 if not given, ${mostDeeds} at most` } },
  run: async ({ connect, output, given }) => {
    const limit = readNumber('--limit', given.text('limit') ?? '100', { least: 1, most: mostDeeds });
    const { client, at } = await connect();
    const { drive, names } = await at(remoteNames(given.args[0] ?? '/'));
    // Of a drive's root the whole drive is asked for: as an entry it has no history of its own.
    const isRoot = (await findRemote(client, drive, names)).at === 'root';
    const entry = isRoot ? undefined : (await needEntry(client, drive, names)).entryId;
    const items: Deed[] = [];
    let cursor: string | undefined;
    do {
      const query = { entry, cursor, limit: Math.min(1000, limit - items.length) };
      const page = await client.call(routes.listActivity, { params: { drive: drive.drive }, query });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && items.length < limit);
    output.result({ items }, () => items.map(lineOf));
    return exitCodes.ok;
  },
};

function lineOf({ at, by, byName = by, action, name, entryId, rev }: Deed): string {
  return visible(
    `${at === undefined ? '' : showTime(at)}  ${byName ?? ''}  ${action ?? 'before it came here'}  ${name ?? entryId}  r${rev}`,
  );
}
