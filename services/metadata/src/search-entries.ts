import { entryKinds, type TenantId, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type QueryOf, type Routes } from '@driftbox/protocol';
import { keysOf, pageFrom } from './cursor.ts';
import { presentEntry } from './present-entry.ts';
import { searchName } from './search-name.ts';
import type { EntryRow } from './store/entry-row.ts';
import { searchEntries as searchSql } from './store/search-entries.ts';

type Hit = EntryRow & { readonly rank: number; readonly search_name: string; readonly path: string };

/** Finds live entries by a part of their name, by metadata, tag and path: whole names first, then beginnings, then anywhere. */
export async function searchEntries(
  database: Database,
  tenantId: TenantId,
  userId: UserId,
  query: QueryOf<Routes['searchEntries']>,
  signal?: AbortSignal,
): Promise<AnswerOf<Routes['searchEntries']>> {
  const { q, tag, tagValue, path, limit } = query;
  if (tagValue !== undefined && tag === undefined) throw new Problem('invalid_argument', 'tagValue belongs to a tag: name it, too');
  const plain = q === undefined ? null : searchName(q);
  const [rank, name, id] = keysOf(query.cursor, ['number', 'string', 'string']) ?? [null, null, null];
  const { rows } = await database.withTenant<Hit>(
    tenantId,
    searchSql,
    [
      tenantId,
      userId,
      query.drive ?? null,
      query.owner ?? null,
      plain === null ? null : `%${literally(plain)}%`,
      plain,
      query.type === undefined ? null : entryKinds.indexOf(query.type),
      query.minSize ?? null,
      query.maxSize ?? null,
      query.modifiedAfter ?? null,
      query.modifiedBefore ?? null,
      tag === undefined ? null : searchName(tag),
      tagValue === undefined ? null : searchName(tagValue),
      path === undefined ? null : `${path.startsWith('/') ? '' : '%'}${literally(searchName(path))}%`,
      rank,
      name,
      id,
      limit + 1,
    ],
    { signal },
  );
  return pageFrom(
    rows,
    limit,
    (row) => ({ ...presentEntry(row), path: row.path }),
    (row) => [row.rank, row.search_name, row.entry_id],
  );
}

/** A text as a pattern of LIKE that stands for itself. */
function literally(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
