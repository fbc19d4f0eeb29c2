import type { Incoming, Outgoing } from './message.ts';
import { followRoutes, type Routes } from './routing.ts';

/** A call to a service, over sockets or not. */
export type TransportRequest = {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A function is called for the bytes, as a client does that may have to send them again. */
  readonly body?: Uint8Array | string | readonly Uint8Array[] | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>) | undefined;
  readonly signal?: AbortSignal | undefined;
};
/** An answer to such a call. The body comes once, and has to be read to its end or returned. */
export type TransportAnswer = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: AsyncIterable<Uint8Array>;
};
/** Calls a service; its problems are answers, too. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

async function* once(bytes: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
}

async function* pieces(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
}

function bytesOf(body: Outgoing['body'] | TransportRequest['body']): AsyncIterable<Uint8Array> {
  if (typeof body === 'string' || body instanceof Uint8Array) return once(body);
  if (typeof body === 'function') return body();
  if (body === undefined || isList(body)) return pieces(body ?? []);
  return body;
}

function isList(body: object): body is readonly Uint8Array[] {
  return Array.isArray(body);
}

/** Calls within the process, by the same routes as the network's. `refuse` answers what no route matches. */
export function createTransport(routes: Routes, refuse: (incoming: Incoming) => Promise<Outgoing>): Transport {
  return async ({ method, path, headers, body, signal }) => {
    const lower: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value;
    if (body !== undefined && lower['content-length'] === undefined) {
      if (typeof body === 'string' || body instanceof Uint8Array)
        lower['content-length'] = String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
      else lower['transfer-encoding'] = 'chunked';
    }
    const mark = path.indexOf('?');
    const incoming: Incoming = {
      method,
      query: mark === -1 ? '' : path.slice(mark + 1),
      headers: lower,
      address: '127.0.0.1',
      body: () => bytesOf(body),
      onGone: (callback) => (signal?.aborted === true ? callback() : signal?.addEventListener('abort', callback, { once: true })),
    };
    const routed = await followRoutes(routes, method, mark === -1 ? path : path.slice(0, mark), incoming);
    const answer = routed ?? (await refuse(incoming));
    return { status: answer.status, headers: answer.headers, body: bytesOf(answer.body) };
  };
}
