import http from 'node:http';
import https from 'node:https';
import type { ClusterAccess } from './cluster-access.ts';

/** A request as it goes out. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, below the server's own. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Until the head of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** No answer came within the time given for it. */
export class TimedOut extends Error {}

/**
 * Sends and resolves with the answer once its head is there. Throws `TimedOut`, the signal's reason when it is aborted, and the
 * error of the connection otherwise. A kept connection that turns out to have been closed is replaced once, as Go's client does,
 * but not for `POST`: that may have been done already.
 */
export async function sendRequest(access: ClusterAccess, request: HttpRequest): Promise<http.IncomingMessage> {
  const options = await access.options();
  request.signal?.throwIfAborted();
  try {
    return await sendOnce(access.server, options, request);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    if (request.method === 'POST') throw error.cause;
  }
  try {
    return await sendOnce(access.server, options, request);
  } catch (error) {
    throw error instanceof StaleConnection ? error.cause : error;
  }
}

class StaleConnection extends Error {}

function sendOnce(server: URL, options: https.RequestOptions, request: HttpRequest): Promise<http.IncomingMessage> {
  const { method, path, headers, body, timeoutMs, signal } = request;
  return new Promise((resolve, reject) => {
    const outgoing = (server.protocol === 'http:' ? http : https).request({
      ...options,
      host: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port || (server.protocol === 'http:' ? 80 : 443),
      path: server.pathname.replace(/\/$/, '') + path,
      method,
      headers: {
        ...(options.headers as http.OutgoingHttpHeaders | undefined),
        ...headers,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
    });
    const giveUp = (): void => void outgoing.destroy(signal?.reason as Error);
    const timer = setTimeout(() => outgoing.destroy(new TimedOut(`no answer within ${Math.round(timeoutMs)} ms`)), timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    outgoing.once('response', (incoming) => {
      settle();
      resolve(incoming);
    });
    // Stays for errors after the answer began: those reach the reader of the answer.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET';
      reject(isStale ? new StaleConnection('stale', { cause: error }) : error);
    });
    outgoing.end(body);
  });
}
