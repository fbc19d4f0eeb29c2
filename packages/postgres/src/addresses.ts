import type { Connection } from './connection.ts';

const login = /^(postgres(?:ql)?:\/\/[^:@/?#]+):[^@/?#]*@/;
const listed = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*,[^/?#]*)(.*)$/;

/**
 * The servers that a connection names, as connections to one each and in its order: `host1:5432,host2` as `host`, or in that
 * place of a connection string. All but one of them are standbys; which one takes writes shows when it is asked. With two
 * passwords each server is there twice, for which one it takes shows then as well.
 */
export function addressesOf({ otherPassword, ...connection }: Connection): readonly Connection[] {
  const servers = serversOf(connection);
  return otherPassword === undefined ? servers : servers.flatMap((server) => [server, withPassword(server, otherPassword)]);
}

function withPassword(server: Connection, password: string): Connection {
  const { connectionString } = server;
  if (connectionString === undefined) return { ...server, password };
  const changed = connectionString.replace(login, (_all, user: string) => `${user}:${encodeURIComponent(password)}@`);
  return { ...server, connectionString: changed };
}

function serversOf(connection: Connection): readonly Connection[] {
  const { connectionString, host } = connection;
  const [, before = '', hosts, after = ''] = listed.exec(connectionString ?? '') ?? [];
  if (hosts !== undefined) return hosts.split(',').map((one) => ({ ...connection, connectionString: before + one + after }));
  if (host === undefined || host.startsWith('/')) return [connection];
  return host.split(',').map((one) => ({ ...connection, ...hostAndPort(one, connection.port) }));
}

function hostAndPort(text: string, otherwise: number | undefined): Pick<Connection, 'host' | 'port'> {
  const [, host = text, port] = /^(?:\[(?=.*\]))?([^\]]*?)\]?(?::(\d+))?$/.exec(text) ?? [];
  return { host, port: port === undefined ? otherwise : Number(port) };
}

/** Which of several servers to connect to: the one that took writes last, until it fails or refuses them. */
export class Addresses {
  readonly all: readonly Connection[];
  /** A password that is not taken says nothing yet: the other one may be. */
  readonly hasTwoPasswords: boolean;
  #at = 0;

  constructor(connection: Connection) {
    this.all = addressesOf(connection);
    this.hasTwoPasswords = connection.otherPassword !== undefined;
  }

  get current(): Connection {
    return this.all[this.#at] ?? {};
  }

  /** The next one's turn, unless somebody else has passed over this one already. */
  passOver(address: Connection): void {
    if (this.current === address) this.#at = (this.#at + 1) % this.all.length;
  }
}
