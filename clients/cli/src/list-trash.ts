import type { Client } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { allPages } from './all-pages.ts';

/** Everything in a drive's trash, newest first. */
export function listTrash(client: Client, { drive }: Drive): Promise<Entry[]> {
  return allPages((cursor) => client.call(routes.listTrash, { params: { drive }, query: { cursor, limit: 1000 } }));
}
