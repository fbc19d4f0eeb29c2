import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { freeOwn, freeParsed } from '@driftbox/threads';
import { Client } from 'minio';
import { fromS3Error } from './s3-error.ts';

/** A bucket of an S3 product, and how long and how widely it is asked. */
export type S3Options = {
  /** `http://host:port` or `https://…`; buckets are addressed by path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Trusted for the server's certificate, in PEM, besides those that everybody trusts. */
  readonly authority?: string | undefined;
  /** Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Connections at most; more calls wait for one. Default 32. */
  readonly maxConnections?: number | undefined;
  /** A connection on which nothing moves for so long is given up; default 10 s. */
  readonly idleTimeoutMs?: number | undefined;
  /** The longest that one call may take, waiting for a connection included; default 60 s. */
  readonly callTimeoutMs?: number | undefined;
};

/** One signed request about the bucket, or an object in it. */
export type S3Request = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly key?: string | undefined;
  /** Escaped, names in alphabetical order. */
  readonly query?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: { readonly pieces: readonly Uint8Array[]; readonly sizeBytes: number; readonly sha256Hex: string } | undefined;
};

/** Status, headers and whole body of an answer. */
export type S3Answer = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: Buffer };

/** Signs requests to one bucket, sends them and reads the answers, within limits of time and connections. */
export type S3Client = {
  readonly options: S3Options;
  /** Answers with any status of 200 to 299. Everything else throws a `StoreError`; `doing` names the call in it. */
  send(request: S3Request, doing: string): Promise<S3Answer>;
  /** One page of keys with `prefix` after `startAfter`. */
  list(prefix: string, startAfter: string, limit: number): Promise<{ keys: { key: string; sizeBytes: number }[]; more: boolean }>;
  /** Closes idle connections; calls that run go on. */
  close(): void;
};

const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The statuses of success that calls of ours get. */
const successes = [200, 201, 202, 204, 206];
/** What minio would try again by itself: it throws such an answer away unread, which holds its connection for ever. */
const unreadStatuses = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

const agents = new Set<http.Agent>();

/** Calls of this process to pools that wait for a connection. */
export function waitingPoolCalls(): number {
  return [...agents].reduce((sum, { requests }) => sum + Object.values(requests).reduce((of, waiting = []) => of + waiting.length, 0), 0);
}

/** Makes a client; nothing is sent yet. */
export function createS3Client(options: S3Options): S3Client {
  const { bucket, region = 'us-east-1', maxConnections = 32, idleTimeoutMs = 10_000, callTimeoutMs = 60_000 } = options;
  const url = new URL(options.endpoint);
  const isTls = url.protocol === 'https:';
  const trusted = options.authority === undefined ? {} : { ca: [...getCACertificates('default'), options.authority] };
  const sockets = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections };
  const agent = isTls ? new https.Agent({ ...sockets, ...trusted }) : new http.Agent(sockets);
  agents.add(agent);
  const deadlines = new AsyncLocalStorage<AbortSignal>();
  const minio = new Client({
    endPoint: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (isTls ? 443 : 80),
    useSSL: isTls,
    accessKey: options.accessKey,
    secretKey: options.secretKey,
    region,
    pathStyle: true,
    transportAgent: agent,
    transport: limitedTransport(isTls ? https : http, deadlines, idleTimeoutMs),
    retryOptions: { disableRetry: true },
  });

  function within<T>(doing: string, call: () => Promise<T>): Promise<T> {
    return deadlines.run(AbortSignal.timeout(callTimeoutMs), () => call().catch((error) => Promise.reject(fromS3Error(error, doing))));
  }

  return {
    options,
    send: ({ method, key, query, headers = {}, body }, doing) =>
      within(doing, async () => {
        const request = {
          method,
          bucketName: bucket,
          ...(key === undefined ? {} : { objectName: key }),
          ...(query === undefined ? {} : { query }),
          headers: { ...headers, ...(method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(body?.sizeBytes ?? 0) }) },
        };
        // Over TLS minio leaves the body out of the signature and wants no checksum of it; the checksum header protects it.
        const sha256 = isTls ? '' : (body?.sha256Hex ?? emptySha256);
        const content = body === undefined ? '' : Readable.from(body.pieces.filter((piece) => piece.length > 0));
        const response = await minio.makeRequestStreamAsync(request, content, sha256, successes, region);
        return { status: response.statusCode ?? 0, headers: response.headers, body: await readWhole(response) };
      }),
    list: (prefix, startAfter, limit) =>
      within('list packs', async () => {
        const page = await minio.listObjectsV2Query(bucket, prefix, '', '', limit, startAfter);
        const keys = page.objects.flatMap(({ name, size }) => (name === undefined ? [] : [{ key: name, sizeBytes: Number(size) }]));
        return { keys, more: page.isTruncated };
      }),
    close: () => {
      agents.delete(agent);
      agent.destroy();
    },
  };
}

/** The body, in memory of its own; what it came in is freed at once. */
async function readWhole(response: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of response) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  pieces.forEach(freeOwn);
  return whole;
}

/** The transport under minio: each request ends with its call's deadline, and when nothing moves for too long. */
function limitedTransport(
  transport: typeof http | typeof https,
  deadlines: AsyncLocalStorage<AbortSignal>,
  idleTimeoutMs: number,
): Pick<typeof http, 'request'> {
  const request = (options: http.RequestOptions, listener: (response: http.IncomingMessage) => void): http.ClientRequest => {
    const signal = deadlines.getStore();
    const sent = transport.request({ ...options, ...(signal === undefined ? {} : { signal }) }, (response) => {
      if (unreadStatuses.has(response.statusCode ?? 0)) response.resume();
      listener(response);
    });
    freeParsed(sent);
    sent.setTimeout(idleTimeoutMs, () => sent.destroy(new Error(`nothing moved for ${idleTimeoutMs} ms`)));
    return sent;
  };
  return { request: request as typeof http.request };
}
