import type { Outgoing } from './message.ts';
import type { Pipeline } from './pipeline.ts';

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
export type TransportAnswer = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: AsyncIterable<Uint8Array>;
};
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

/** Calls within the process, through the same pipeline as the network's. It reaches internal routes; tokens are checked all the same. */
export function createTransport(pipeline: Pipeline): Transport {
  return async ({ method, path, headers, body, signal }) => {
    const lower: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value;
    if (body !== undefined && lower['content-length'] === undefined) {
      if (typeof body === 'string' || body instanceof Uint8Array)
        lower['content-length'] = String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
      else lower['transfer-encoding'] = 'chunked';
    }
    const answer = await pipeline.answer({
      method,
      url: path,
      headers: lower,
      address: '127.0.0.1',
      trusted: true,
      body: () => bytesOf(body),
      onGone: (callback) => (signal?.aborted === true ? callback() : signal?.addEventListener('abort', callback, { once: true })),
    });
    return { status: answer.status, headers: answer.headers, body: bytesOf(answer.body) };
  };
}
