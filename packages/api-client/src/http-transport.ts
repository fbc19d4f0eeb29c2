import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { freeParsed } from '@driftbox/threads';
import { knownLength, piecesOf } from './transport.ts';
import type { RequestBody, Transport, TransportRequest } from './transport.ts';

/** How a transport over sockets behaves. */
export type HttpTransportOptions = {
  /** Sockets open at once to the server; further requests wait for one. */
  readonly maxSockets?: number;
  /** A socket on which nothing moves for so long is given up. */
  readonly idleTimeoutMs?: number;
  /** In PEM: the authority that must have certified the server; without it one of those that everybody trusts. */
  readonly authority?: string | undefined;
};

/** A transport whose sockets can be closed, so that a process need not wait for them to idle out. */
export type HttpTransport = Transport & { close(): void };

const agents = new Set<http.Agent>();

/** Requests of this process that wait for a socket, over all its transports. */
export function waitingCalls(): number {
  return [...agents].reduce((sum, { requests }) => sum + Object.values(requests).reduce((of, waiting = []) => of + waiting.length, 0), 0);
}

/**
 * Requests to `baseUrl` (`http:` or `https:`) over sockets that are kept alive. Built on node's own client, which sends
 * large bodies several times faster than `fetch`. Never follows redirects: an API has none. A server proves the name in `baseUrl`,
 * whichever host a request is for.
 */
export function httpTransport(baseUrl: string | URL, options: HttpTransportOptions = {}): HttpTransport {
  const base = new URL(baseUrl);
  const { maxSockets = 16, idleTimeoutMs = 60_000, authority: ca } = options;
  const hostname = base.hostname.replace(/^\[|\]$/g, '');
  // Node would ask the server to prove the name in the header `host`; an address of numbers is no name that can be asked for.
  const servername = isIP(hostname) === 0 ? hostname : '';
  const module = base.protocol === 'https:' ? https : http;
  const agent = new module.Agent({ keepAlive: true, maxSockets, scheduling: 'lifo', ...(ca === undefined ? {} : { ca }) });
  agents.add(agent);
  const prefix = base.pathname.replace(/\/$/, '');

  const transport = async (request: TransportRequest) => {
    const length = knownLength(request.body);
    const bodied = request.body !== undefined || request.method !== 'GET';
    const sent = module.request({
      agent,
      protocol: base.protocol,
      hostname,
      port: base.port,
      method: request.method,
      path: prefix + request.path,
      servername,
      headers: { ...request.headers, ...(length !== undefined && bodied ? { 'content-length': String(length) } : {}) },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    sent.setTimeout(idleTimeoutMs, () => sent.destroy(new Error(`nothing moved for ${idleTimeoutMs} ms`)));
    freeParsed(sent);
    const answer = await exchange(sent, request.body);
    return { status: answer.statusCode ?? 0, headers: flatHeaders(answer), body: answer };
  };
  const close = (): void => {
    agents.delete(agent);
    agent.destroy();
  };
  return Object.assign(transport, { close });
}

/**
 * Sends the body and waits for the answer's head, whichever comes first: a server may refuse a body before it has read it,
 * and then the rest of it is not sent.
 */
async function exchange(sent: ClientRequest, body: RequestBody | undefined): Promise<IncomingMessage> {
  let refused = false;
  let complete = false;
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('error', reject).once('response', (answer) => {
      refused = (answer.statusCode ?? 0) >= 400;
      // A proxy that has not read the body whole closes this connection, though its answer may promise otherwise.
      if (refused && !sent.writableFinished) sent.shouldKeepAlive = false;
      resolve(answer);
    });
  });
  send(sent, body, () => refused).then(
    (whole) => (complete = whole),
    (error: unknown) => sent.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  const answer = await answered;
  // A reset while the rest of a refused body is still being written must not end the process.
  sent.on('error', () => {});
  // Half a body on a socket would swallow the next request.
  answer.once('close', () => (refused ? sent.writableFinished : complete) || sent.destroy());
  return answer;
}

/** Writes the body until it ends or is refused; answers whether it was written whole. */
async function send(sent: ClientRequest, body: RequestBody | undefined, refused: () => boolean): Promise<boolean> {
  if (body instanceof Uint8Array) {
    sent.end(body);
    return true;
  }
  for await (const piece of piecesOf(body)) {
    if (sent.destroyed || refused()) return false;
    if (!sent.write(piece)) await drained(sent);
  }
  sent.end();
  return true;
}

/** Waits until more can be written, or need not be any more; what went wrong then is told by the answer. */
async function drained(sent: ClientRequest): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      sent.off('drain', done).off('close', done).off('response', done);
      resolve();
    };
    sent.on('drain', done).on('close', done).on('response', done);
  });
}

function flatHeaders(answer: IncomingMessage): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(answer.headers)) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}
