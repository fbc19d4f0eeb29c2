import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { bodyOf, closeNow, listenHere } from './local-server.ts';

/** What a product may lack that calls itself S3. */
export const flaws = [
  'aborts',
  'bytes',
  'checksums',
  'conditions',
  'conditions of parts',
  'deletes',
  'hidden parts',
  'metadata',
  'order of lists',
  'page sizes',
  'ranges',
  'starts of lists',
] as const;
export type Flaw = (typeof flaws)[number];

type Stored = { readonly bytes: Buffer; readonly metadata: OutgoingHttpHeaders };
type Upload = { readonly key: string; readonly metadata: OutgoingHttpHeaders; readonly parts: Map<number, Buffer>; readonly begun: string };
/** A request as the server reads it; its key is empty when it is about the bucket. */
export type BucketCall = {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};
export type BucketReply = { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string | Uint8Array };

const failure = (status: number, code: string): BucketReply => ({ status, body: `<Error><Code>${code}</Code></Error>` });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/** For tests: one bucket of S3 on this machine, with as many flaws as a test wants. Signatures are not looked at. */
export class BucketServer {
  readonly lacks = new Set<Flaw>();
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, Upload>();
  /** `POST key?query` and the like, in the order in which they came. */
  readonly calls: BucketCall[] = [];
  /** Answers in the place of the bucket, where it answers anything. */
  instead: (call: BucketCall) => BucketReply | undefined = () => undefined;
  rules = '';
  readonly bucket = 'bucket';
  endpoint = '';
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<BucketServer> {
    const server = new BucketServer();
    server.endpoint = await listenHere(server.#server);
    return server;
  }

  /** What a store or client needs to reach it. */
  get options(): { endpoint: string; bucket: string; accessKey: string; secretKey: string } {
    return { endpoint: this.endpoint, bucket: this.bucket, accessKey: 'access', secretKey: 'secret-of-a-test' };
  }

  close(): Promise<void> {
    return closeNow(this.#server);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://x');
    const key = decodeURIComponent(pathname).split('/').slice(2).join('/');
    const call = { method: request.method ?? '', key, query, headers: request.headers, body: await bodyOf(request) };
    this.calls.push(call);
    const { status, headers = {}, body = '' } = this.instead(call) ?? this.#answer(call);
    const length = { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...length, ...headers }).end(call.method === 'HEAD' ? undefined : body);
  }

  #answer(call: BucketCall): BucketReply {
    if (call.key === '') return this.#ofBucket(call);
    if (call.query.has('uploads') || call.query.has('uploadId')) return this.#ofUpload(call);
    if (call.method === 'PUT') return this.#put(call);
    const held = this.objects.get(call.key);
    if (call.method === 'DELETE') {
      if (!this.lacks.has('deletes')) this.objects.delete(call.key);
      return { status: 204 };
    }
    if (held === undefined) return failure(404, 'NoSuchKey');
    const bytes = this.lacks.has('bytes') && held.bytes.length > 0 ? held.bytes.subarray(1) : held.bytes;
    if (call.method === 'HEAD') return { status: 200, headers: { 'content-length': bytes.length, ...held.metadata } };
    const range = this.lacks.has('ranges') ? undefined : /^bytes=(\d+)-(\d+)$/.exec(call.headers.range ?? '');
    if (range === undefined || range === null) return { status: 200, headers: held.metadata, body: bytes };
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (from >= bytes.length) return failure(416, 'InvalidRange');
    return { status: 206, headers: held.metadata, body: bytes.subarray(from, to + 1) };
  }

  #ofBucket({ method, query, body }: BucketCall): BucketReply {
    if (query.has('lifecycle')) {
      if (method === 'GET') return this.rules === '' ? failure(404, 'NoSuchLifecycleConfiguration') : { status: 200, body: this.rules };
      this.rules = method === 'PUT' ? body.toString() : '';
      return { status: 200 };
    }
    if (query.has('uploads')) {
      const of = ([id, { key, begun }]: [string, Upload]): string =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begun}</Initiated></Upload>`;
      return { status: 200, body: `<Result>${[...this.uploads].map(of).join('')}</Result>` };
    }
    return query.has('list-type') ? this.#list(query) : { status: 200 };
  }

  #list(query: URLSearchParams): BucketReply {
    const [prefix, after] = [query.get('prefix') ?? '', this.lacks.has('starts of lists') ? '' : (query.get('start-after') ?? '')];
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    if (this.lacks.has('order of lists')) keys.reverse();
    const page = keys.slice(0, Number(query.get('max-keys')) + (this.lacks.has('page sizes') ? 1 : 0));
    const listed = page.map((key) => `<Contents><Key>${key}</Key><Size>${this.objects.get(key)?.bytes.length}</Size></Contents>`);
    const more = `<IsTruncated>${page.length < keys.length}</IsTruncated>`;
    return { status: 200, body: `<ListBucketResult>${more}${listed.join('')}</ListBucketResult>` };
  }

  #put({ key, headers, body }: BucketCall): BucketReply {
    const wrong = this.#refusal(key, headers, body, 'conditions');
    if (wrong !== undefined) return wrong;
    this.objects.set(key, { bytes: body, metadata: this.#metadataOf(headers) });
    return { status: 200, headers: { etag: '"etag"' } };
  }

  #refusal(key: string, headers: IncomingMessage['headers'], body: Buffer, condition: Flaw): BucketReply | undefined {
    const sum = headers['x-amz-checksum-sha256'];
    if (sum !== undefined && sum !== sha256(body) && !this.lacks.has('checksums')) return failure(400, 'XAmzContentChecksumMismatch');
    const isTaken = headers['if-none-match'] === '*' && this.objects.has(key);
    return isTaken && !this.lacks.has(condition) ? failure(412, 'PreconditionFailed') : undefined;
  }

  #metadataOf(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
    if (this.lacks.has('metadata')) return {};
    return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')));
  }

  #ofUpload({ method, key, query, headers, body }: BucketCall): BucketReply {
    if (query.has('uploads')) {
      const id = `upload+${this.uploads.size}/${this.calls.length}`;
      this.uploads.set(id, { key, metadata: this.#metadataOf(headers), parts: new Map(), begun: new Date().toISOString() });
      return { status: 200, body: `<Result><UploadId>${id}</UploadId></Result>` };
    }
    const id = query.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    if (upload === undefined || upload.key !== key) return failure(404, 'NoSuchUpload');
    if (method === 'PUT') {
      const wrong = this.#refusal(key, headers, body, 'conditions of parts');
      if (wrong === undefined) upload.parts.set(Number(query.get('partNumber')), body);
      if (this.lacks.has('hidden parts')) this.objects.set(key, { bytes: body, metadata: upload.metadata });
      return wrong ?? { status: 200, headers: { etag: '"etag"' } };
    }
    if (method === 'DELETE') {
      if (!this.lacks.has('aborts')) this.uploads.delete(id);
      return { status: 204 };
    }
    const wrong = this.#refusal(key, headers, body, 'conditions of parts');
    if (wrong !== undefined) return wrong;
    const listed = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) => Number(number));
    const bytes = Buffer.concat(listed.map((number) => upload.parts.get(number) ?? Buffer.alloc(0)));
    this.objects.set(key, { bytes, metadata: upload.metadata });
    this.uploads.delete(id);
    return { status: 200, body: '<CompleteMultipartUploadResult/>' };
  }
}
