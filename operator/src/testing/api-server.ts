import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { readSelector } from './label-selector.ts';
import { ObjectStore, type StoredObject, type StoreRefusal } from './object-store.ts';
import { readTarget, storePath, type Target } from './read-target.ts';
import { serveWatch } from './serve-watch.ts';
import type { FaultOf, ServerFault } from './server-fault.ts';
import { statusOf } from './status.ts';

/** What an API server promises about reading, listing, watching and writing whole objects, in this process, with faults on demand. */
export type TestApiServer = {
  readonly url: string;
  readonly store: ObjectStore;
  /** From now on; undefined for none. */
  setFaults(faultOf: FaultOf | undefined): void;
  /** Connections that are open. */
  connections(): Promise<number>;
  /** Ends every connection at once, as when the server is restarted; what it stores stays. */
  cut(): void;
  close(): Promise<void>;
};

type Reply = { readonly code: number; readonly body: object };
type Options = { readonly store: ObjectStore; readonly bookmarkEveryMs: number | undefined };

const codes: Readonly<Record<StoreRefusal, number>> = { NotFound: 404, AlreadyExists: 409, Conflict: 409 };
const nameForm = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Listens on a free port of 127.0.0.1. Several may serve one store, as the API servers of a cluster do. */
export async function startApiServer(
  options: { readonly bookmarkEveryMs?: number; readonly store?: ObjectStore } = {},
): Promise<TestApiServer> {
  const { store = new ObjectStore() } = options;
  let faultOf: FaultOf | undefined;
  const server = http.createServer((request, response) => {
    const isWatch = new URL(request.url ?? '/', 'http://here').searchParams.get('watch') === 'true';
    const fault = faultOf?.({ method: request.method ?? '', isWatch });
    answer(request, response, fault, { store, bookmarkEveryMs: options.bookmarkEveryMs }).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    setFaults: (wanted) => void (faultOf = wanted),
    connections: () => new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count)))),
    cut: () => server.closeAllConnections(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, fault: ServerFault | undefined, options: Options): Promise<void> {
  const body = await text(request);
  if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
  if (fault?.kind === 'silence') return;
  if (fault?.kind === 'late') await delay(fault.byMs);
  if (fault?.kind === 'status') return refuse(response, fault);
  const url = new URL(request.url ?? '/', 'http://here');
  const target = readTarget(url.pathname);
  if (target === undefined) return send(response, { code: 404, body: statusOf(404, 'NotFound') });
  if (request.method === 'GET' && target.name === undefined) return list(response, target, url.searchParams, fault, options);
  send(response, change(request.method ?? '', target, body === '' ? undefined : (JSON.parse(body) as StoredObject), options.store));
}

function refuse(response: ServerResponse, { code, retryAfterSeconds }: ServerFault & { kind: 'status' }): void {
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  send(response, { code, body: statusOf(code, 'Planted') });
}

function send(response: ServerResponse, { code, body }: Reply): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function change(method: string, target: Target, object: StoredObject | undefined, store: ObjectStore): Reply {
  if (method === 'POST') {
    const name = object?.metadata.name ?? '';
    if (object === undefined || !nameForm.test(name)) return { code: 422, body: statusOf(422, 'Invalid', `invalid name ${name}`) };
    return replyOf(store.create(storePath({ ...target, name }), object), 201);
  }
  const path = storePath(target);
  if (method === 'PUT' && object !== undefined) return replyOf(store.replace(path, object));
  if (method === 'DELETE') {
    const { preconditions } = (object ?? {}) as { preconditions?: { uid?: string } };
    return replyOf(store.delete(path, preconditions?.uid));
  }
  if (method === 'GET') return replyOf(store.get(path) ?? 'NotFound');
  return { code: 405, body: statusOf(405, 'MethodNotAllowed') };
}

function replyOf(outcome: StoredObject | StoreRefusal, code = 200): Reply {
  if (typeof outcome !== 'string') return { code, body: outcome };
  return { code: codes[outcome], body: statusOf(codes[outcome], outcome) };
}

function list(response: ServerResponse, target: Target, query: URLSearchParams, fault: ServerFault | undefined, options: Options): void {
  const { store, bookmarkEveryMs } = options;
  const matches = readSelector(query.get('labelSelector'));
  if (matches === undefined) return send(response, { code: 400, body: statusOf(400, 'BadRequest', 'unable to parse the selector') });
  const below = storePath(target);
  if (query.get('watch') === 'true') {
    const timeoutMs = Number(query.get('timeoutSeconds') ?? 300) * 1000;
    const after = Number(query.get('resourceVersion'));
    const isAsked = query.get('allowWatchBookmarks') === 'true';
    return serveWatch(response, { store, below, matches, after, timeoutMs, fault, bookmarkEveryMs: isAsked ? bookmarkEveryMs : undefined });
  }
  const from = readToken(query.get('continue'));
  if (from === 'garbled') return send(response, { code: 400, body: statusOf(400, 'BadRequest', 'continue key is not valid') });
  const snapshot = from === undefined ? store.snapshot() : store.snapshotAt(from.version);
  if (snapshot === undefined) return send(response, { code: 410, body: statusOf(410, 'Expired') });
  const all = snapshot.objects.filter((object) => placeOf(target, object).startsWith(below) && matches(object));
  const [start, limit] = [from?.start ?? 0, Number(query.get('limit') ?? all.length)];
  const rest = start + limit < all.length ? { continue: writeToken({ version: snapshot.version, start: start + limit }) } : {};
  // Items of a list do without kind and version, as those of a real server's own kinds do.
  const items = all.slice(start, start + limit).map(({ kind: _kind, apiVersion: _version, ...item }) => item);
  send(response, { code: 200, body: { kind: 'List', metadata: { resourceVersion: String(snapshot.version), ...rest }, items } });
}

function placeOf({ plural }: Target, { apiVersion, metadata: { namespace, name } }: StoredObject): string {
  return storePath({ apiVersion, plural, namespace, name });
}

type Token = { readonly version: number; readonly start: number };

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readToken(text: string | null): Token | 'garbled' | undefined {
  if (text === null || text === '') return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Token;
  } catch {
    return 'garbled';
  }
}
