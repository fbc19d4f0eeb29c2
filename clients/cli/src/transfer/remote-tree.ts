import type { Client } from '@driftbox/api-client';
import { parseName } from '@driftbox/domain';
import type { EntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { keyOf } from './local-item.ts';
import type { RelativePath } from './local-item.ts';

/** An entry of the server and where it lies below the folder that was asked for. */
export type RemoteItem = { readonly names: RelativePath; readonly entry: Entry };
/** A remote tree by `keyOf` of its paths, folders before what they hold. */
export type RemoteTree = ReadonlyMap<string, RemoteItem>;

/** Entries asked for at once: few requests, bounded answers. */
const pageSize = 10_000;

/** Everything live below a folder. A name that no client could have made is left out rather than trusted. */
export async function readRemoteTree(client: Client, drive: Drive, folder: EntryId): Promise<RemoteTree> {
  const paths = new Map<string, RelativePath>([[folder, []]]);
  const tree = new Map<string, RemoteItem>();
  let cursor: string | undefined;
  do {
    const page = await client.call(routes.listDescendants, {
      params: { drive: drive.drive, entry: folder },
      query: { cursor, limit: pageSize },
    });
    for (const entry of page.items) {
      const parent = paths.get(entry.parentId);
      const name = parseName(entry.name);
      if (parent === undefined || !name.ok || name.name !== entry.name) continue;
      const names = [...parent, name.name];
      if (entry.kind === 'folder') paths.set(entry.entryId, names);
      tree.set(keyOf(names), { names, entry });
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tree;
}
