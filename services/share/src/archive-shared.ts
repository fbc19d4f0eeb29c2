import { Readable } from 'node:stream';
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
 * before its first byte. Files are read at the revision they had when it began; those known to be damaged are left out, and named in a
 * file of their own. Throws `not_found`, `unauthenticated`, and `too_large` for more entries than one archive holds.
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
  const damaged = await damagedAmong(context, visit, link, items);
  const note = { entryId: folder.entryId, parentId: folder.entryId, kind: 'file' as const, name: 'Damaged files.txt' };
  const names = archiveNames<Item>(folder, damaged.size === 0 ? items : [...items, note]);
  const things = [...names].flatMap(([item, path]) => {
    if (item === note)
      return [
        noteOf(
          [...damaged].flatMap((one) => names.get(one) ?? []),
          path,
          context.nowMs(),
        ),
      ];
    return damaged.has(item) ? [] : [archived(context, visit, link, item, path)];
  });
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

/** Files whose content cannot be read. */
async function damagedAmong(context: Context, visit: Visit, link: LinkRow, items: readonly Item[]): Promise<ReadonlySet<Item>> {
  const asked = { ...asHolder(context, visit.tenantId, link, visit.signal), params: { drive: link.drive } };
  const { revisions } = await context.upload.call(routes.listDamagedFiles, asked);
  const damaged = new Set(revisions.map(({ entryId, rev }) => `${entryId} ${rev}`));
  return new Set(damaged.size === 0 ? [] : items.filter(({ entryId, rev }) => damaged.has(`${entryId} ${rev}`)));
}

/** A text that says what is not in an archive. */
function noteOf(paths: readonly string[], path: string, mtimeMs: number): Archived {
  const head = 'The content of these files is damaged on the server. They are not in this archive:';
  const bytes = Buffer.from([head, '', ...paths, ''].join('\n'));
  return { kind: 'file', path, mtimeMs, sizeBytes: bytes.length, open: () => Promise.resolve(Readable.from([bytes])) };
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
