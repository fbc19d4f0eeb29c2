import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import type { Faults } from '@driftbox/testkit';
import type { Connection } from '../index.ts';

/** A way to a server on which something goes wrong at one of the statements sent over it. */
export type MortalLink = {
  readonly connection: Connection;
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

/** A query that fails in the server as a statement does whose disk is full; a transaction that it is in is over, too. */
const failingQuery = queryMessage(`DO $$ BEGIN RAISE 'No space left on device' USING ERRCODE = 'disk_full'; END $$`);

function queryMessage(text: string): Buffer {
  const message = Buffer.from(`Q\0\0\0\0${text}\0`);
  message.writeInt32BE(message.length - 1, 1);
  return message;
}

/**
 * Opens one on which each statement is a step, before the server sees it and when it has done the one before. Where a step fails, the
 * server refuses the statement and all goes on, if `lives`; if not, the link ends for good, as all connections of a process do that dies.
 */
export async function openMortalLink(to: Connection, steps: Faults, lives: boolean): Promise<MortalLink> {
  const sockets = new Set<Socket>();
  let isDead = false;
  const orFault = (statement: Buffer): Buffer => {
    try {
      steps.step();
      return statement;
    } catch {
      if (lives) return failingQuery;
      isDead = true;
      for (const socket of sockets) socket.destroy();
      return statement;
    }
  };
  const link = createServer((client) => {
    if (isDead) return void client.destroy();
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
        const whole = Buffer.concat(statement);
        statement = [];
        const sent = type === 'Q' || type === 'S' ? orFault(whole) : whole;
        if (!isDead) server.write(sent);
      }
    });
  });
  link.listen(0, '127.0.0.1');
  await once(link, 'listening');
  return {
    connection: { ...to, host: '127.0.0.1', port: (link.address() as AddressInfo).port },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      link.close();
      await once(link, 'close');
    },
  };
}
