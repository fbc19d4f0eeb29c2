import type pg from 'pg';
import type { Result, SqlValue, Statement } from './statement.ts';

/** Sends a statement on a pipelining client, at once; the answer comes when those before it are answered. */
export function send<Row>(client: pg.ClientBase, sql: Statement | string, values?: readonly SqlValue[]): Promise<Result<Row>> {
  gatherWrites(client);
  const config: pg.QueryConfig = typeof sql === 'string' ? { text: sql } : { name: sql.name, text: sql.text };
  if (values !== undefined) config.values = [...values];
  return client.query<Row & pg.QueryResultRow>(config);
}

type Stream = { cork(): void; uncork(): void; destroy(error?: Error): void };
const corked = new WeakSet<Stream>();

/** Everything sent in one turn of the event loop leaves in one write: half the system calls of a short transaction. */
export function gatherWrites(client: pg.ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Stream } }).connection;
  if (corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  process.nextTick(() => {
    corked.delete(stream);
    stream.uncork();
  });
}

/** Cuts the connection: everything in flight on it fails at once, and the server rolls back what was open. */
export function cut(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Stream } }).connection.stream.destroy();
}
