import pg from 'pg';
import { Addresses } from './addresses.ts';
import { clientConfig, type Connection, type SessionSettings } from './connection.ts';
import { DatabaseUnavailable, isPasswordRefusal } from './errors.ts';

type ParameterStatus = { readonly parameterName: string; readonly parameterValue: string };

/** What a server reports of itself when a session begins, and whenever it changes (PostgreSQL manual, "Asynchronous Operations"). */
const refusals: readonly string[] = ['in_hot_standby', 'default_transaction_read_only'];

/**
 * A client that stays connected only to a server that takes writes, as libpq's does with `target_session_attrs=read-write`.
 * It connects to the current one of several addresses, and passes over it when that fails.
 */
export class WritableClient extends pg.Client {
  readonly #addresses: Addresses;
  readonly #mustWrite: boolean;
  /** The one server that it connects to. */
  readonly address: Connection;
  readonly #refusing = new Set<string>();

  constructor(addresses: Addresses, settings: SessionSettings, own: pg.ClientConfig = {}, mustWrite = true) {
    const address = addresses.current;
    super({ ...clientConfig(address, settings), ...own });
    this.#addresses = addresses;
    this.#mustWrite = mustWrite;
    this.address = address;
    const { connection } = this as unknown as { connection: NodeJS.EventEmitter };
    connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      if (refusals.includes(parameterName) && parameterValue === 'on') this.#refusing.add(parameterName);
      else this.#refusing.delete(parameterName);
    });
  }

  /** The server has said that it takes no writes: a standby, or a primary that was demoted since. */
  get isReadOnly(): boolean {
    return this.#refusing.size > 0;
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: ((error: Error) => void) | ((error: null, client: pg.Client) => void)): void;
  override connect(callback?: (error: never, client: pg.Client) => void): Promise<pg.Client> | void {
    const connected = this.#connect();
    if (callback === undefined) return connected;
    const told = callback as (error: unknown, client?: pg.Client) => void;
    connected.then(
      (client) => told(null, client),
      (error: unknown) => told(error),
    );
  }

  async #connect(): Promise<pg.Client> {
    try {
      await super.connect();
    } catch (error) {
      this.#addresses.passOver(this.address);
      if (!this.#addresses.hasTwoPasswords || !isPasswordRefusal(error)) throw error;
      throw new DatabaseUnavailable('refused', 'the server does not take this password', { cause: error });
    }
    if (!this.isReadOnly || !this.#mustWrite) return this;
    this.#addresses.passOver(this.address);
    this.on('error', () => {});
    void this.end();
    throw new DatabaseUnavailable('read-only', 'the server takes no writes');
  }
}

const known = new WeakMap<Connection, Addresses>();

/**
 * A single connection outside any pool, for migrations and LISTEN. The caller connects and ends it. Of several servers it
 * tries one, which must take writes; after a failure the next client made of this same connection tries the next.
 */
export function createClient(connection: Connection, settings: SessionSettings): WritableClient {
  const addresses = known.get(connection) ?? new Addresses(connection);
  known.set(connection, addresses);
  return new WritableClient(addresses, settings, {}, addresses.all.length > 1);
}

/** Makes such a client and connects it, trying each server once. */
export async function connectClient(connection: Connection, settings: SessionSettings): Promise<WritableClient> {
  for (let left = new Addresses(connection).all.length; ; left -= 1) {
    const client = createClient(connection, settings);
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}
