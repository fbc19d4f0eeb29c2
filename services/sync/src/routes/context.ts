import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { CursorBook } from '../cursor-book.ts';
import type { Members } from '../members.ts';

/** What every route of sync works with. */
export type Context = {
  readonly database: Database;
  readonly members: Members;
  readonly book: CursorBook;
  /** Aborts when the process stops: whoever waits is answered. */
  readonly stopping: AbortSignal;
};

/** The token that a request bears, to ask metadata with in the same name. */
export function bearerOf({ headers }: { readonly headers: Readonly<Record<string, string | undefined>> }): string {
  const [, token] = /^bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token === undefined) throw new Problem('unauthenticated', 'Bearer authorisation is needed');
  return token;
}
