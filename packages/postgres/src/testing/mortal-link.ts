import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import type { Connection } from '../index.ts';

/** A way to a server that ends for good at one of the statements sent over it, as all connections of a process do that dies there. */
export type MortalLink = {
  readonly connection: Connection;
  /** Whether it has ended there. When false after a run, the run has fewer statements: the sweep is over. */
  readonly struck: boolean;
  close(): Promise<void>;
};

type Message = { readonly type: string; readonly bytes: Buffer };

/** Divides what a client says into messages (PostgreSQL manual, "Message Formats"); its first one has no type. */
class Messages {
  #rest = Buffer.alloc(0);
  #untyped = true;

  *take(bytes: Buffer): Generator<Message> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const head = this.#untyped ? 0 : 1;
      if (this.#rest.length < head + 4) return;
      const end = head + this.#rest.readInt32BE(head);
      if (this.#rest.length < end) return;
      yield { type: this.#untyped ? '' : String.fromCharCode(this.#rest.readUInt8(0)), bytes: this.#rest.subarray(0, end) };
      this.#rest = this.#rest.subarray(end);
      this.#untyped = false;
    }
  }
}

/** Opens one that ends at the n-th statement from 1 on, before the server sees it and when it has done the one before. */
export async function openMortalLink(to: Connection, n: number): Promise<MortalLink> {
  const sockets = new Set<Socket>();
  let [count, struck] = [0, false];
  const die = (): void => {
    struck = true;
    for (const socket of sockets) socket.destroy();
  };
  const link = createServer((client) => {
    if (struck) return void client.destroy();
    const server = connect(path.join(to.host ?? '', `.s.PGSQL.${to.port}`));
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => [client, server].forEach((one) => one.destroy()));
    }
    const asked = new Messages();
    let statement: Buffer[] = [];
    server.pipe(client);
    client.on('data', (bytes) => {
      for (const { type, bytes: message } of asked.take(bytes)) {
        statement.push(message);
        // It goes as one query, or in several messages up to a synchronization.
        if (['P', 'B', 'D', 'E', 'C', 'H'].includes(type)) continue;
        if ((type === 'Q' || type === 'S') && (count += 1) === n) die();
        if (!struck) server.write(Buffer.concat(statement));
        statement = [];
      }
    });
  });
  link.listen(0, '127.0.0.1');
  await once(link, 'listening');
  return {
    connection: { ...to, host: '127.0.0.1', port: (link.address() as AddressInfo).port },
    get struck() {
      return struck;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      link.close();
      await once(link, 'close');
    },
  };
}
