import type { Client } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';

/** Everything in a drive's trash, newest first. */
export async function listTrash(client: Client, drive: Drive): Promise<Entry[]> {
  const all: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call(routes.listTrash, { params: { drive: drive.drive }, query: { cursor, limit: 1000 } });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}
