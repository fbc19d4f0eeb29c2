import type { Client } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import type { UndoneEntry } from '@driftbox/protocol';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { counted, type Output, visible } from './output.ts';

/** Whose work, since when, and whether it is only to be shown. */
export type UndoWanted = { readonly deviceId: string; readonly since: string; readonly dryRun: boolean };

/** Every line is told as its page arrives; all of them together only where JSON is asked for. */
type Sum = { readonly items: UndoneEntry[]; undone: number; conflicts: number };

/** Undoes page after page and tells of each entry. Exit code 6 where something could not be undone. */
export async function undoAll(client: Client, output: Output, wanted: UndoWanted): Promise<ExitCode> {
  const sum: Sum = { items: [], undone: 0, conflicts: 0 };
  let cursor: string | undefined;
  do {
    const page = await client.call(routes.undoWork, { body: { ...wanted, ...(cursor === undefined ? {} : { cursor }) } });
    for (const item of page.items) tell(output, sum, item);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const { items, undone, conflicts } = sum;
  const done = wanted.dryRun ? 'would be undone' : 'undone';
  const last = `${counted(undone, 'entry', 'entries')} ${done}, ${conflicts} left to decide about`;
  output.result({ ...wanted, undone, conflicts, items }, () => [last]);
  return conflicts === 0 ? exitCodes.ok : exitCodes.partial;
}

function tell(output: Output, sum: Sum, item: UndoneEntry): void {
  if (item.did.length > 0) sum.undone += 1;
  if (item.conflict !== undefined) sum.conflicts += 1;
  if (output.json) sum.items.push(item);
  else output.line(lineOf(item));
}

const reasons: Readonly<Record<NonNullable<UndoneEntry['conflict']>, string>> = {
  changed_since: 'others changed it since, which stays',
  history_gone: 'what it was before is past its retention',
  in_trash: 'others put it into the trash',
  not_empty: 'others put something into it',
  purged: 'it was deleted for good',
  moved_away: 'it was moved to another drive',
  name_taken: 'its name is taken',
  not_found: 'its folder is not there',
  quota_exceeded: 'the quota is used up',
  chunk_missing: 'its content is not there any more',
  revision_conflict: 'somebody is changing it right now: run this again',
  refused: 'the server refused',
};

function lineOf({ name, did, conflict }: UndoneEntry): string {
  const what = did.length === 0 ? 'left' : did.join(', ');
  return `${what.padEnd(12)} ${visible(name)}${conflict === undefined ? '' : `: ${reasons[conflict]}`}`;
}
