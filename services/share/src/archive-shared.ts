import type { EntryId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import { asHolder } from './acting.ts';
import { archiveNames } from './archive-names.ts';
import type { Context } from './context.ts';
import { enterLink, noLink, type Visit } from './enter-link.ts';
import { openContent } from './read-shared.ts';
import type { LinkRow } from './store/link-row.ts';
import { beginArchive } from './use-link.ts';
import { whileLasting } from './while-lasting.ts';
import { writeArchive, type Archive, type Archived } from './write-archive.ts';

/** What one archive may hold: their names are in memory while it is sent. */
const mostEntries = 50_000;
const pageSize = 5_000;

type Item = AnswerOf<Routes['listLinkedDescendants']>['items'][number];

/**
 * Everything in a folder at or below a link's entry as one zip, under the name of the folder; where it `counts`, counted once,
 * before its first byte. Files are read at the revision they had when it began. Throws `not_found`, `unauthenticated`, and
 * `too_large` for more entries than one archive holds.
 */
export async function archiveShared(
  context: Context,
  visit: Visit,
  entry: EntryId | undefined,
  counts: boolean,
): Promise<Archive & { name: string }> {
  const { link, described } = await enterLink(context, visit, 'viewer', entry);
  const folder = described.entry;
  if (folder.kind !== 'folder') throw noLink();
  const items = await listAll(context, visit, link, folder.entryId);
  const things = [...archiveNames(folder, items)].map(([item, path]) => archived(context, visit, link, item, path));
  if (counts) await beginArchive(context, visit, link, folder);
  const { sizeBytes, body } = await writeArchive(things);
  return { sizeBytes, name: `${folder.name}.zip`, body: whileLasting(context, visit.tenantId, link, body) };
}

function archived(context: Context, visit: Visit, link: LinkRow, item: Item, path: string): Archived {
  const mtimeMs = Date.parse(item.mtime ?? item.modifiedAt ?? new Date(0).toISOString());
  if (item.kind === 'folder') return { kind: 'folder', path, mtimeMs };
  const open = async (): Promise<AsyncIterable<Uint8Array>> => (await openContent(context, visit, link, item)).body;
  return { kind: 'file', path, mtimeMs, sizeBytes: item.sizeBytes ?? 0, open };
}

async function listAll(context: Context, visit: Visit, link: LinkRow, folder: EntryId): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const page: AnswerOf<Routes['listLinkedDescendants']> = await context.metadata.call(routes.listLinkedDescendants, {
      ...asHolder(context, visit.tenantId, link, visit.signal),
      params: { drive: link.drive, entry: folder },
      query: { limit: pageSize, cursor },
    });
    items.push(...page.items);
    if (items.length > mostEntries)
      throw new Problem('too_large', `An archive holds at most ${mostEntries} files and folders: take them by folder`);
    cursor = page.nextCursor;
    more = cursor !== undefined;
  }
  return items;
}
