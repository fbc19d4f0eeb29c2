import type { Client } from '@driftbox/api-client';
import { parsePath } from '@driftbox/domain';
import type { EntryId, Name } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { UsageError } from './exit-codes.ts';

/** The names of a path on the server. Throws `UsageError` for `..`, empty parts, NUL and names that are too long. */
export function remoteNames(text: string): readonly Name[] {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new UsageError(`${JSON.stringify(text)} is not a path on the server: ${parsed.detail}`);
  return parsed.names;
}

export function showPath(names: readonly string[]): string {
  return `/${names.join('/')}`;
}

/** What is at a path: an entry, the root, or nothing. */
export type Found = { readonly at: 'entry'; readonly entry: Entry } | { readonly at: 'root' } | { readonly at: 'nothing' };

/** Looks a path up in a drive. */
export async function findRemote(client: Client, drive: Drive, names: readonly string[]): Promise<Found> {
  if (names.length === 0) return { at: 'root' };
  try {
    return {
      at: 'entry',
      entry: await client.call(routes.resolvePath, { params: { drive: drive.drive }, query: { path: showPath(names) } }),
    };
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return { at: 'nothing' };
    throw error;
  }
}

/** The entry at a path. Throws `not_found` naming the path, or `UsageError` for the root. */
export async function needEntry(client: Client, drive: Drive, names: readonly string[]): Promise<Entry> {
  const found = await findRemote(client, drive, names);
  if (found.at === 'root') throw new UsageError('the root of a drive cannot be used here');
  if (found.at === 'nothing') throw new Problem('not_found', `There is nothing at ${showPath(names)}`);
  return found.entry;
}

/** The folder at a path: its id. Throws when there is none, or something else. */
export async function needFolder(client: Client, drive: Drive, names: readonly string[]): Promise<EntryId> {
  const found = await findRemote(client, drive, names);
  if (found.at === 'root') return drive.rootId;
  if (found.at === 'nothing') throw new Problem('not_found', `There is no folder ${showPath(names)}`);
  if (found.entry.kind !== 'folder') throw new Problem('invalid_argument', `${showPath(names)} is not a folder`);
  return found.entry.entryId;
}
