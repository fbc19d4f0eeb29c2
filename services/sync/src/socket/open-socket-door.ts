import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { TenantId } from '@driftbox/domain';
import { handshake, hintsPath, Problem, problemDetails, servedVersions } from '@driftbox/protocol';
import type { Authenticator, Logger, RevocationSource, UpgradeListener } from '@driftbox/service-kit';
import { Server } from 'socket.io';
import type { CursorBook } from '../cursor-book.ts';
import type { Members } from '../members.ts';
import type { SyncMetrics } from '../metrics.ts';
import type { MostSockets } from '../most-sockets.ts';
import { HintSocket } from './hint-socket.ts';
import { proveUser, type Proof } from './prove-user.ts';
import type { SocketCounts } from './socket-counts.ts';
import { SocketSet } from './socket-set.ts';
import type { HintServer, WireSocket } from './wire.ts';

/** What the door of sockets is made of. */
export type SocketDoorOptions = {
  readonly authenticator: Authenticator;
  readonly revocations: RevocationSource;
  readonly tenantOfHost: ((host: string) => TenantId | undefined | Promise<TenantId | undefined>) | undefined;
  readonly members: Members;
  readonly book: CursorBook;
  readonly counts: SocketCounts;
  readonly mostSockets: MostSockets;
  readonly log: Logger;
  readonly metrics: SyncMetrics;
  readonly nowMs: () => number;
  /** How often a client is asked whether it is still there. */
  readonly pingEveryMs: number;
};

/** The door of sockets. */
export type SocketDoor = {
  readonly upgrade: UpgradeListener;
  /** News that has not left, of all sockets together. */
  waiting(): number;
  /** Begins to end sockets whose proof has ended. */
  start(): void;
  /** Takes no more sockets, tells every client when to come again, spread over `spreadMs`, and closes. */
  drain(spreadMs: number): Promise<void>;
};

/** Ten bytes each, and no proxy takes the connection for dead. */
const pingTimeoutMs = 20_000;
const connectTimeoutMs = 10_000;
/** The largest message of a client is a report of a thousand cursors. */
const maxMessageBytes = 160 * 1024;

/** Opens it; nothing listens: connections come through `upgrade`. */
export function openSocketDoor(options: SocketDoorOptions): SocketDoor {
  // Socket.IO wants to hear upgrades from a server; this one never listens and hears ours.
  const ear = http.createServer();
  const server: HintServer = new Server(ear, {
    path: hintsPath,
    addTrailingSlash: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    pingInterval: options.pingEveryMs,
    pingTimeout: pingTimeoutMs,
    connectTimeout: connectTimeoutMs,
    maxHttpBufferSize: maxMessageBytes,
  });
  const sockets = new SocketSet(options);
  let draining = false;
  admit(server, options, () => draining);
  server.on('connection', (socket) => take(socket, options, sockets));
  return {
    upgrade: (request, socket, head) => {
      if (request.url?.split('?', 1)[0] !== hintsPath) refuse(socket, '404 Not Found');
      else if (draining) refuse(socket, '503 Service Unavailable');
      else ear.emit('upgrade', request, socket, head);
    },
    waiting: () => sockets.waiting,
    start: () => sockets.start(),
    drain: async (spreadMs) => {
      draining = true;
      await sockets.drain(spreadMs);
      await server.close();
    },
  };
}

/** Lets in who proves a user that has room for one more socket; a connection has one try. */
function admit(server: HintServer, options: SocketDoorOptions, isDraining: () => boolean): void {
  const tried = new WeakSet<object>();
  server.use((socket, next) => {
    if (tried.has(socket.conn)) {
      socket.request.socket.destroy();
      return;
    }
    tried.add(socket.conn);
    const decide = async (): Promise<void> => {
      const outcome = await proofOrRefusal(socket, options, isDraining());
      if (!(outcome instanceof Error)) socket.data.proof = outcome;
      next(outcome instanceof Error ? outcome : undefined);
    };
    void decide();
  });
}

async function proofOrRefusal(socket: WireSocket, options: SocketDoorOptions, isDraining: boolean): Promise<Proof | Error> {
  try {
    return await prove(socket, options, isDraining);
  } catch (error) {
    return refusal(error, options);
  }
}

async function prove(socket: WireSocket, options: SocketDoorOptions, isDraining: boolean): Promise<Proof> {
  if (isDraining) throw new Problem('unavailable', 'This server is stopping', { retryAfterSeconds: 1 });
  const given = handshake.safeParse(socket.handshake.auth);
  if (!given.success) throw new Problem('invalid_argument', 'The handshake needs a token and a protocol version');
  if (!servedVersions.includes(given.data.protocol))
    throw new Problem('invalid_argument', 'This server does not speak that protocol', { details: { protocolVersions: servedVersions } });
  const proof = await proveFor(socket, options, given.data.token);
  if (!options.counts.hasRoom(proof.tenantId, proof.actor.userId, await options.mostSockets(proof.tenantId)))
    throw new Problem('rate_limited', 'Too many sockets are open', { retryAfterSeconds: 30 });
  await options.members.load(proof.tenantId, proof.actor.userId, proof.token);
  return proof;
}

/** Proves a token for this socket's host and address. */
async function proveFor(socket: WireSocket, options: SocketDoorOptions, token: string): Promise<Proof> {
  const { address, headers } = socket.handshake;
  const host = headers.host?.replace(/:[0-9]+$/, '').toLowerCase();
  const hostTenantId = host === undefined ? undefined : await options.tenantOfHost?.(host);
  return proveUser(options.authenticator, { token, hostTenantId, address });
}

function refusal(error: unknown, { log, metrics }: SocketDoorOptions): Error {
  const problem = error instanceof Problem ? error : new Problem('internal', undefined, { cause: error });
  metrics.refused.inc({ code: problem.code });
  if (problem.code === 'internal') log.error({ err: error }, 'socket refused');
  const { retryAfterSeconds } = problem;
  return Object.assign(new Error(problem.message), { data: { ...problemDetails(problem), retryAfterSeconds } });
}

function take(socket: WireSocket, options: SocketDoorOptions, sockets: SocketSet): void {
  const { proof } = socket.data;
  const connection = socket.request.socket;
  // Others may have taken the last place while this one was being proven.
  if (proof === undefined || !options.counts.hasRoom(proof.tenantId, proof.actor.userId)) {
    connection.destroy();
    return;
  }
  const { members, book } = options;
  const { host } = socket.handshake.headers;
  const hints = new HintSocket(socket, proof, { members, book, connection, prove: (token) => proveFor(socket, options, token) });
  sockets.add(hints);
  socket.once('disconnect', () => {
    sockets.remove(hints);
    hints.leave();
  });
  // The request, its headers and the token would stay in memory for as long as the socket does.
  Object.assign(socket.conn, { request: undefined });
  Object.assign(socket.handshake, { headers: { host }, auth: {}, query: {} });
  delete socket.data.proof;
}

/** Answers a request to upgrade that is not for sockets, or comes too late. */
function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
