import type { Life } from '../life.ts';
import type { Wanted } from '../ports/server.ts';
import { Arrivals } from './arrivals.ts';
import type { Fetch } from './arrivals.ts';
import { mayReplace, standing } from './step.ts';

/** Fetches content and puts each file in its place as it arrives. */
export async function fetchContents(life: Life, operations: readonly Fetch[]): Promise<void> {
  const planned = new Map(operations.map((op) => [op.entryId, op]));
  const wanted = operations.flatMap((op): Wanted[] => {
    const here = standing(life, op.entryId);
    if (!mayReplace(life, here?.row)) return [];
    return [{ remote: op.remote, old: here?.row.body.kind === 'file' ? { path: here.path, stat: here.row.stat } : undefined }];
  });
  if (wanted.length === 0) return;
  const arrivals = new Arrivals(life);
  await life.around.server.fetch(wanted, async (one, content) => {
    const op = planned.get(one.remote.entryId);
    if (op !== undefined) await arrivals.take({ op, wanted: one, content });
  });
}
