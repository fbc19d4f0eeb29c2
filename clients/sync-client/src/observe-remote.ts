import type { EntryId } from '@driftbox/domain';
import type { RemoteEntry } from '@driftbox/sync-core';
import { dropRemoteSubtree, subtreeOf } from './drop-subtree.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { CursorExpired, Offline, type ChangesPage } from './ports/server.ts';
import type { Store } from './ports/store.ts';
import { rebaseSynced } from './rebase-synced.ts';

/** A drive whose journal is read, and where it is kept. */
export type Observed = Pick<Surroundings, 'server' | 'store' | 'rootId'>;

const pageLimit = 1_000;
const maxPages = 100_000;

/**
 * Reads the journal on from the cursor to its end, so that the remote tree is one that the server had. Each page is kept in
 * one transaction with its cursor: a crash in between reads it again, or goes on behind it. What is absent from a list made
 * anew (after a refused cursor) counts as remotely deleted. Throws `Offline`.
 */
export async function observeRemote(around: Observed): Promise<void> {
  const { store, server } = around;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const after = store.fact('cursor');
    const page = await readPage(around, after);
    if (page === undefined) continue;
    const returned = await readReturned(around, page, after === undefined);
    store.transaction(() => {
      recordPage(store, page, returned, after === undefined);
      if (page.more) return;
      dropBelowGone(store);
      dropStrays(around, page.head);
      store.putFact('seq', String(page.head));
      enterEpoch(around, page.epoch);
    });
    if (!page.more) return;
  }
  throw new Offline(`the journal has no end: ${server.constructor.name}`);
}

/** `undefined` when the journal cannot be read on from here, and the remote tree has been forgotten. */
async function readPage({ server, store }: Observed, after: string | undefined): Promise<ChangesPage | undefined> {
  try {
    return await server.changes(after, pageLimit);
  } catch (error) {
    if (!(error instanceof CursorExpired) || after === undefined) throw error;
    store.transaction(() => {
      store.clearRemote();
      store.putFact('cursor', undefined);
      store.putFact('gone', undefined);
      store.putFact('partial', 'yes');
    });
    return undefined;
  }
}

function recordPage(store: Store, page: ChangesPage, returned: readonly Returned[], first: boolean): void {
  const gone: EntryId[] = [];
  for (const change of page.changes) {
    if (!('gone' in change)) putNewer(store, change.entry);
    else {
      if ((store.remote.get(change.gone)?.body.kind ?? 'folder') === 'folder') gone.push(change.gone);
      store.dropRemote(change.gone);
    }
  }
  if (gone.length > 0) store.putFact('gone', JSON.stringify([...goneFolders(store), ...gone]));
  for (const one of returned) putReturned(store, one);
  if (returned.length > 0) store.putFact('strays', 'yes');
  if (first) store.putFact('listedTo', String(page.head));
  store.putFact('cursor', page.nextCursor);
  store.putFact('partial', page.more ? 'yes' : undefined);
}

function goneFolders(store: Store): readonly EntryId[] {
  return JSON.parse(store.fact('gone') ?? '[]') as EntryId[];
}

/**
 * What was in folders that are gone is gone, once all was read: what was moved out of one before it was deleted may be told of
 * after it, as each entry is told of once, at its newest change.
 */
function dropBelowGone(store: Store): void {
  for (const folderId of goneFolders(store)) {
    if (store.remote.get(folderId) === undefined) dropRemoteSubtree(store, folderId);
  }
  store.putFact('gone', undefined);
}

/**
 * What was told before the folder around it, and that folder was deleted before the list of everything, or of what is below a
 * folder that came back, came to it, is gone: the journal tells of the topmost folder alone.
 */
function dropStrays({ store, rootId }: Observed, head: number): void {
  const listedTo = store.fact('listedTo');
  const mayStray = store.fact('strays') !== undefined || (listedTo !== undefined && Number(listedTo) !== head);
  store.putFact('listedTo', undefined);
  store.putFact('strays', undefined);
  if (!mayStray) return;
  for (const stray of store.strays(rootId)) dropRemoteSubtree(store, stray);
}

function putNewer(store: Store, entry: RemoteEntry): void {
  const known = store.remote.get(entry.entryId);
  if (known === undefined || known.rev <= entry.rev) store.putRemote(entry);
}

/** A folder that may have come back, and all that is live below it now. */
type Returned = { readonly folderId: EntryId; readonly entries: readonly RemoteEntry[] };

/** What else was below it is no longer: a folder that was a drive of its own meanwhile was changed there. */
function putReturned(store: Store, { folderId, entries }: Returned): void {
  for (const entry of entries) putNewer(store, entry);
  const there = new Set([folderId, ...entries.map(({ entryId }) => entryId)]);
  for (const { entryId } of subtreeOf(store.remote, folderId)) if (!there.has(entryId)) store.dropRemote(entryId);
}

/** Folders that may have come back, out of the trash or from being a drive: the journal tells only of the folder. */
async function readReturned({ server, store }: Observed, page: ChangesPage, first: boolean): Promise<Returned[]> {
  const listedTo = first ? page.head : Number(store.fact('listedTo') ?? 0);
  const returned: Returned[] = [];
  for (const change of page.changes) {
    if ('gone' in change || change.seq <= listedTo) continue;
    const { entryId: folderId } = change.entry;
    if (mayHaveReturned(store, change.entry)) returned.push({ folderId, entries: await server.below(folderId) });
  }
  return returned;
}

/** Into the trash and out of it are two revisions. */
function mayHaveReturned(store: Store, { entryId, rev, body }: RemoteEntry): boolean {
  return body.kind === 'folder' && rev >= (store.remote.get(entryId)?.rev ?? 0) + 2;
}

function enterEpoch({ store }: Observed, epoch: string): void {
  const before = store.fact('epoch');
  if (before === epoch) return;
  if (before !== undefined) rebaseSynced(store);
  store.putFact('epoch', epoch);
}

/** The journal as far as it was read to its end, and on through what this device did next to it. */
export function readTo(store: Store): number {
  return Number(store.fact('seq') ?? 0);
}

/** How far that is, and in which of the drive's epochs; without one nothing was read yet. */
export function headRead(store: Store): { readonly epoch: string | undefined; readonly seq: number } {
  return { epoch: store.fact('epoch'), seq: readTo(store) };
}
