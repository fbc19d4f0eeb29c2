import {
  errorCatalogue,
  hintsPath,
  messages,
  Problem,
  protocolVersion,
  type Head,
  type Message,
  type PayloadOf,
  type ProblemDetails,
  type ReplyOf,
  type SentPayload,
} from '@driftbox/protocol';
import type { Socket } from 'socket.io-client';
import { tracedHearing } from './trace-hearing.ts';

/** What a socket hears. */
export type SocketListener = {
  readonly onHint: (head: Head) => void;
  readonly onDrives: () => void;
  readonly onNotice: (unread: number) => void;
  /** Gives up opening. */
  readonly signal: AbortSignal;
};

/** An open socket. Nothing of it throws: what could not be had is `undefined`. */
export type LiveSocket = {
  /** The server's heads; `same` when `digest` names them. */
  heads(digest: string): Promise<readonly Head[] | 'same' | undefined>;
  /** True when the server goes on with this token. */
  renew(token: string): Promise<boolean>;
  report(cursors: readonly Head[]): void;
  close(): void;
  /** Resolves when it has closed, with the time to wait that the server asked for. */
  readonly ended: Promise<{ readonly afterMs: number | undefined }>;
};

/** `unreachable`: no socket came to be, which says nothing about the server. */
export type Opening =
  | { readonly outcome: 'open'; readonly socket: LiveSocket }
  | { readonly outcome: 'refused'; readonly problem: Problem }
  | { readonly outcome: 'unreachable' };

const openTimeoutMs = 15_000;
const answerTimeoutMs = 15_000;

/** Opens a socket to a server's address as the bearer of `token`. Never throws. */
export async function openSocket(address: URL, token: string, listener: SocketListener): Promise<Opening> {
  // Loaded when it is needed: most programs that call the API never open a socket.
  const { io } = await import('socket.io-client');
  const socket: Socket = io(address.origin, {
    path: address.pathname.replace(/\/$/, '') + hintsPath,
    addTrailingSlash: false,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: openTimeoutMs,
    auth: { token, protocol: protocolVersion },
  });
  const refusal = await connected(socket, listener.signal);
  if (refusal !== undefined) {
    socket.disconnect();
    return refusal;
  }
  return { outcome: 'open', socket: liveSocket(socket, listener) };
}

/** Waits for the handshake; answers what came instead. */
function connected(socket: Socket, signal: AbortSignal): Promise<Exclude<Opening, { outcome: 'open' }> | undefined> {
  return new Promise((resolve) => {
    const giveUp = (): void => settle({ outcome: 'unreachable' });
    const timer = setTimeout(giveUp, openTimeoutMs);
    const settle = (outcome: Exclude<Opening, { outcome: 'open' }> | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(outcome);
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    socket.once('connect', () => settle(undefined));
    socket.once('disconnect', giveUp);
    socket.once('connect_error', (error: Error & { readonly data?: unknown }) => {
      const problem = problemOf(error.data);
      settle(problem === undefined ? { outcome: 'unreachable' } : { outcome: 'refused', problem });
    });
  });
}

function problemOf(data: unknown): Problem | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { code, detail, retryAfterSeconds } = data as Partial<ProblemDetails> & { readonly retryAfterSeconds?: unknown };
  if (typeof code !== 'string' || !Object.hasOwn(errorCatalogue, code)) return undefined;
  return new Problem(code, detail, typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {});
}

/** Messages that the server acknowledges. */
type Asked = (typeof messages)['heads' | 'renew'];

function liveSocket(socket: Socket, listener: SocketListener): LiveSocket {
  let afterMs: number | undefined;
  const hear = <M extends Message>(message: M, take: (payload: PayloadOf<M>) => void): void => {
    socket.on(message.name, (payload: unknown) => {
      const parsed = message.payload.safeParse(payload);
      if (parsed.success) take(parsed.data as PayloadOf<M>);
    });
  };
  hear(messages.hint, ({ traceparent, ...head }) => tracedHearing('hint', traceparent, () => listener.onHint(head)));
  hear(messages.drives, listener.onDrives);
  hear(messages.notice, ({ traceparent, unread }) => tracedHearing('notice', traceparent, () => listener.onNotice(unread)));
  hear(messages.reconnect, (asked) => (afterMs = asked.afterMs));
  const ended = new Promise<{ afterMs: number | undefined }>((resolve) => {
    socket.once('disconnect', () => resolve({ afterMs }));
    if (!socket.connected) resolve({ afterMs });
  });
  const ask = async <M extends Asked>(message: M, payload: SentPayload<M>): Promise<ReplyOf<M> | undefined> => {
    try {
      const parsed = message.answer.safeParse(await socket.timeout(answerTimeoutMs).emitWithAck(message.name, payload));
      return parsed.success ? (parsed.data as ReplyOf<M>) : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    ended,
    heads: async (digest) => {
      const answer = await ask(messages.heads, { digest });
      return answer === undefined || 'heads' in answer ? answer?.heads : 'same';
    },
    renew: async (token) => {
      const answer = await ask(messages.renew, { token });
      return answer !== undefined && 'expiresAt' in answer;
    },
    report: (cursors) => void socket.emit(messages.cursors.name, { cursors }),
    close: () => void socket.disconnect(),
  };
}
