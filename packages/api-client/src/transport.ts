/** The bytes of a request. A function is called once per attempt, so that a stream of it can be sent again. */
export type RequestBody = Uint8Array | readonly Uint8Array[] | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);

/** One HTTP request. `path` begins with `/` and includes the query. Header names are lower-case. */
export type TransportRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Its answer, given as soon as its head is there. `body` is read once, at the taker's pace, or dropped by ending the iteration. */
export type TransportAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
};

/**
 * Carries one request: over sockets, or straight into a service of the same process. Throws whatever keeps an answer from
 * arriving; any status is an answer.
 */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

/** Bytes of a body where they are known before it is sent. */
export function knownLength(body: RequestBody | undefined): number | undefined {
  if (body === undefined) return 0;
  if (body instanceof Uint8Array) return body.length;
  return isList(body) ? body.reduce((sum, piece) => sum + piece.length, 0) : undefined;
}

/** True where the same body can be sent a second time. */
export function isReplayable(body: RequestBody | undefined): boolean {
  return body === undefined || body instanceof Uint8Array || isList(body) || typeof body === 'function';
}

/** The pieces of a body, in order. */
export async function* piecesOf(body: RequestBody | undefined): AsyncGenerator<Uint8Array, void> {
  if (body === undefined) return;
  if (body instanceof Uint8Array) yield body;
  else yield* typeof body === 'function' ? body() : body;
}

function isList(body: RequestBody): body is readonly Uint8Array[] {
  return Array.isArray(body);
}
