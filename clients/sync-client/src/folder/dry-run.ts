import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { reconcile } from '@driftbox/sync-core';
import type { EntryId } from '@driftbox/domain';
import type { Plan, ReconcileInput } from '@driftbox/sync-core';
import { LocalError } from '@driftbox/transfer';
import { ownFolder } from '../disk/traits.ts';
import { Offline } from '../ports/server.ts';
import { openFolder } from './open-folder.ts';
import type { FolderOptions } from './open-folder.ts';
import { pathOf } from './tell-server.ts';

/** What a pass would do, step by step, in its order. */
export type PlannedStep = { readonly side: 'here' | 'server'; readonly step: string; readonly path: string };
/** `undecided` are files that would have to be read before anything can be said about them, and cannot be. */
export type DryRun = { readonly steps: readonly PlannedStep[]; readonly waiting: readonly PlannedStep[]; readonly undecided: number };

/**
 * Finds out what syncing a folder would do, and does nothing: what is learnt on the way goes into a copy of the store that is
 * thrown away. Throws `LocalError` where the server does not answer, or the folder is not the one that was synced.
 */
export async function dryRun(
  options: Omit<FolderOptions, 'objection' | 'objectionToEmpty' | 'tell' | 'storeFile' | 'reconcile' | 'readOnly'>,
): Promise<DryRun> {
  const own = path.join(options.settings.path, ownFolder);
  const fresh = !existsSync(own);
  const folder = mkdtempSync(path.join(tmpdir(), 'driftbox-dry-'));
  try {
    const storeFile = path.join(folder, 'state.sqlite');
    copyStore(options.state.file('state.sqlite'), storeFile);
    // One that would be made is as empty as this one.
    const isThere = options.known || existsSync(options.settings.path);
    const settings = isThere ? options.settings : { ...options.settings, path: mkdtempSync(path.join(folder, 'new-')) };
    return await plan({ ...options, settings }, storeFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (fresh) rmSync(own, { recursive: true, force: true });
  }
}

async function plan(options: Parameters<typeof dryRun>[0], storeFile: string): Promise<DryRun> {
  let whole: Plan | undefined;
  // Files whose bytes decide are read first, pass by pass; until then nothing else is planned.
  const planned = (input: ReconcileInput): Plan => {
    whole = reconcile(input);
    return whole.read.length > 0 ? { ...whole, remote: [], local: [] } : whole;
  };
  const open = openFolder({
    ...options,
    storeFile,
    reconcile: planned,
    readOnly: true,
    objection: ({ read }) => (read.length === 0 ? 'a dry run ends here' : undefined),
    objectionToEmpty: () => undefined,
    tell: () => {},
  });
  try {
    open.store.dropPending(open.store.pending().map(({ writeId }) => writeId));
    const result = await open.loop.run();
    if (result.result === 'offline') throw new Offline(result.reason);
    if (whole === undefined) throw new LocalError('reason' in result ? result.reason : 'nothing was planned');
    return described(whole, (entryId) => pathOf(open.store, entryId));
  } finally {
    await open.close();
  }
}

function described({ remote, local, waiting, read }: Plan, path: (entryId: EntryId) => string): DryRun {
  const steps = [
    ...local.map(({ op, entryId }): PlannedStep => ({ side: 'here', step: op, path: path(entryId) })),
    ...remote.map(({ op, entryId }): PlannedStep => ({ side: 'server', step: op, path: path(entryId) })),
  ];
  const waits = waiting.map(({ entryId, reason, detail }): PlannedStep => {
    return { side: 'here', step: detail === '' ? reason : detail, path: path(entryId) };
  });
  return { steps, waiting: waits, undecided: read.length };
}

function copyStore(from: string, to: string): void {
  if (!existsSync(from)) return;
  const database = new DatabaseSync(from);
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
}
