import type { EntryId } from '@driftbox/domain';
import { checkSafety } from '@driftbox/sync-core';
import type { Halt, Plan } from '@driftbox/sync-core';
import type { Store } from '../ports/store.ts';

/**
 * A plan that does more than this to what is synced is not carried out unasked. High enough for a checkout of another branch
 * in a part of the folder, low enough for an intruder who encrypts all of it.
 */
const thresholds = { share: 0.5, atLeast: 200 };

/** How many entries a store holds. */
export type Counts = { readonly counts: () => { readonly onDisk: number; readonly synced: number } };

/** Why a plan must not be carried out unasked, with figures, in one sentence; `undefined` when it may. */
export function objectionTo(plan: Plan, store: Pick<Store, 'local' | 'synced'> & Counts): string | undefined {
  // Counting reads the whole store: not for plans that remove nothing and rewrite little.
  const removes = plan.remote.some(({ op }) => op === 'delete') || plan.local.some(({ op }) => op === 'remove');
  if (!removes && plan.remote.length + plan.local.length <= thresholds.atLeast) return undefined;
  const counts = {
    ...store.counts(),
    // A root that is gone never gets as far as a plan.
    rootIsThere: true,
    below: (entryId: EntryId) => countBelow(store, entryId),
    isOnDisk: (entryId: EntryId) => store.local.get(entryId) !== undefined,
  };
  const halt = checkSafety(plan, counts, thresholds);
  return halt === undefined ? undefined : tell(halt);
}

function countBelow(store: Pick<Store, 'synced'>, entryId: EntryId): number {
  let count = 0;
  const folders = [entryId];
  for (const folder of folders) {
    for (const child of store.synced.childrenOf(folder)) {
      count += 1;
      if (child.body.kind === 'folder') folders.push(child.entryId);
    }
  }
  return count;
}

const acts: Readonly<Record<Halt['reason'], string>> = {
  root_vanished: 'the folder is gone',
  root_emptied: 'the folder is empty now; this would remove everything on the server',
  deletes_on_server: 'this would remove a large part of what is on the server',
  deletes_on_disk: 'this would remove a large part of what is in the folder',
  rewrites_on_server: 'this would rewrite a large part of what is on the server',
  rewrites_on_disk: 'this would rewrite a large part of what is in the folder',
};

const howToGoOn = 'Look with --dry-run; to go on, run once with --yes-delete';

/** Why nothing is concluded unasked from a folder that had something in it and has nothing now, in the same words. */
export const objectionToEmpty = `${acts.root_emptied}. ${howToGoOn}`;

function tell({ reason, entries, of }: Halt): string {
  return `${acts[reason]} (${entries} of ${of} entries). ${howToGoOn}`;
}
