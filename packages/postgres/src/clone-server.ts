import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { TarReader } from './tar-reader.ts';

/** A server that is running, and what the one that follows it is called there, and known by. */
export type Followed = {
  readonly host: string;
  readonly port?: number | undefined;
  readonly user: string;
  readonly password?: string | undefined;
  /** Its replication slot, and its name for `synchronous_standby_names`. */
  readonly slot: string;
  /** Files: of the authority that must have certified `host`, and what is shown there. Without them there is no TLS. */
  readonly tls?: Readonly<Record<'authority' | 'certificate' | 'key', string>> | undefined;
};

/**
 * Copies a running server into a folder, from which another one can be started that follows it, as `pg_basebackup -R` does (protocol of
 * PostgreSQL 15 and newer); the folder is made here. Throws where the copy is not whole; nothing is synced.
 */
export async function cloneServer(server: Followed, folder: string): Promise<void> {
  const { host, port = 5_432, user, password, slot, tls } = server;
  const read = (file: string): string => readFileSync(file, 'utf8');
  const ssl = tls && { ca: read(tls.authority), cert: read(tls.certificate), key: read(tls.key) };
  const settings = { host, port, user, password, replication: 'true', application_name: slot, connectionTimeoutMillis: 10_000, ssl };
  const client = new pg.Client(settings);
  const files = new FileWriter(folder);
  let archive: TarReader | undefined;
  await client.connect();
  try {
    const query = new pg.Query("BASE_BACKUP (LABEL 'standby', CHECKPOINT 'fast', WAL true, MANIFEST 'no')");
    const done = new Promise<void>((resolve, reject) => {
      query.on('end', () => resolve());
      query.on('error', reject);
    });
    // The first byte of a piece says what it is: the beginning of an archive, more of it, or how far it is.
    Object.assign(query, {
      handleCopyData({ chunk }: { readonly chunk: Buffer }) {
        if (chunk[0] === 0x6e) archive = new TarReader(files);
        else if (chunk[0] === 0x64) archive?.push(chunk.subarray(1));
      },
    });
    client.query(query);
    await done;
  } finally {
    files.close();
    await client.end();
  }
  if (archive?.isWhole !== true) throw new Error('the copy of the server is not whole');
  followServer(server, folder);
  writeFileSync(path.join(folder, 'standby.signal'), '', { mode: 0o600 });
}

/** Tells a standby that does not run, whose data is in `folder`, whom it follows. */
export function followServer({ host, port = 5_432, user, password, slot, tls }: Followed, folder: string): void {
  const proof = tls && [
    'sslmode=verify-full',
    `sslrootcert=${quoted(tls.authority)}`,
    `sslcert=${quoted(tls.certificate)}`,
    `sslkey=${quoted(tls.key)}`,
  ];
  const who = [`user=${quoted(user)}`, ...(password === undefined ? [] : [`password=${quoted(password)}`]), `application_name=${slot}`];
  const link = [`host=${quoted(host)}`, `port=${port}`, ...who, ...(proof ?? [])];
  const file = path.join(folder, 'postgresql.auto.conf');
  const others = readFileSync(file, 'utf8').replaceAll(/^primary_(conninfo|slot_name) = .*\n/gm, '');
  const own = `primary_conninfo = ${inSettings(link.join(' '))}\nprimary_slot_name = ${inSettings(slot)}\n`;
  writeFileSync(`${file}.new`, `${others}${own}`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** A value of a connection string, as libpq reads it. */
function quoted(value: string): string {
  return `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}

/** Text in a file of settings. */
function inSettings(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Writes what is in an archive below a folder, for its owner alone. */
class FileWriter {
  readonly #folder: string;
  #open: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { mode: 0o700 });
  }

  folder(name: string): void {
    mkdirSync(this.#at(name), { recursive: true, mode: 0o700 });
  }

  file(name: string): void {
    this.close();
    const at = this.#at(name);
    mkdirSync(path.dirname(at), { recursive: true, mode: 0o700 });
    this.#open = openSync(at, 'w', 0o600);
  }

  bytes(piece: Buffer): void {
    for (let from = 0; from < piece.length;) from += writeSync(this.#open ?? -1, piece, from);
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open);
    this.#open = undefined;
  }

  #at(name: string): string {
    const at = path.join(this.#folder, name);
    if (at !== this.#folder && !at.startsWith(`${this.#folder}${path.sep}`)) throw new Error(`${name} lies outside of the server's folder`);
    return at;
  }
}
