import type { Client } from '@driftbox/api-client';
import { parseName } from '@driftbox/domain';
import type { EntryId, Name } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import { element } from '@driftbox/transfer';
import { UsageError } from './exit-codes.ts';
import { findRemote, showPath } from './remote-path.ts';
import { readRemoteTree } from './transfer/remote-tree.ts';
import type { RemoteItem } from './transfer/remote-tree.ts';

/** Where a transfer to the server ends up. */
export type PutPlace = {
  /** From the root of the drive. */
  readonly path: readonly Name[];
  /** The deepest folder on the way that exists, and the names of those below it that do not. */
  readonly parentId: EntryId;
  readonly missing: readonly Name[];
  readonly name: Name;
  /** What is there already, the place itself under the empty key. */
  readonly remote: ReadonlyMap<string, RemoteItem>;
};

type What = { readonly folder: boolean; readonly name: string; readonly into: boolean };

/**
 * Finds the place: the destination itself, or a place in it under the source's name where the destination is an existing
 * folder and the source a file, or where it was written with a slash at its end. A folder is merged into a folder.
 */
export async function placeForPut(client: Client, drive: Drive, names: readonly Name[], what: What): Promise<PutPlace> {
  const found = await findRemote(client, drive, names);
  const isFolder = found.at === 'root' || (found.at === 'entry' && found.entry.kind === 'folder');
  if (found.at === 'root' && what.folder) return rootPlace(client, drive);
  if (what.into || (isFolder && !what.folder)) {
    const name = parseName(what.name);
    if (!name.ok) throw new UsageError(`name the destination: ${name.detail}`);
    return placeForPut(client, drive, [...names, name.name], { ...what, folder: true, into: false });
  }
  const parents = names.slice(0, -1);
  const name = element(names, -1);
  if (found.at === 'entry') {
    const below = found.entry.kind === 'folder' ? await readRemoteTree(client, drive, found.entry.entryId) : new Map<string, RemoteItem>();
    const remote = new Map([['', { names: [], entry: found.entry }], ...below]);
    return { path: names, parentId: found.entry.parentId, missing: [], name, remote };
  }
  for (let depth = parents.length; ; depth -= 1) {
    const folder = await findRemote(client, drive, parents.slice(0, depth));
    if (folder.at === 'nothing') continue;
    if (folder.at === 'entry' && folder.entry.kind !== 'folder')
      throw new Problem('invalid_argument', `${showPath(parents.slice(0, depth))} is not a folder`);
    const parentId = folder.at === 'root' ? drive.rootId : folder.entry.entryId;
    return { path: names, parentId, missing: parents.slice(depth), name, remote: new Map() };
  }
}

/** The root of a drive is no entry: a stand-in keeps the comparison from creating it. */
async function rootPlace(client: Client, drive: Drive): Promise<PutPlace> {
  const remote = new Map<string, RemoteItem>(await readRemoteTree(client, drive, drive.rootId));
  const root = { kind: 'folder', entryId: drive.rootId, parentId: drive.rootId, drive: drive.drive, name: '', rev: 1, seq: 1 } as const;
  remote.set('', { names: [], entry: { ...root, modifiedAt: drive.createdAt, modifiedBy: drive.owner } });
  return { path: [], parentId: drive.rootId, missing: [], name: '' as Name, remote };
}
