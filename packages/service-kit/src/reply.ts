/** The bytes of an answer: a JSON value, ready bytes, or a stream of them. */
export type ReplyBody = unknown;

type ReplyParts = { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: ReplyBody };

/** An answer whose status, headers or stream the handler chose itself. */
export class Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly body: ReplyBody;

  constructor(parts: ReplyParts) {
    this.status = parts.status;
    this.headers = parts.headers;
    this.body = parts.body;
  }
}

/**
 * Answers with a status (default: the route's), headers (lower-case names) and a body: a `Uint8Array` or an async
 * iterable of them is sent as it is, anything else as JSON. The stream is ended early when the client leaves.
 */
export function reply(parts: ReplyParts): Reply {
  return new Reply(parts);
}

export const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** Answers with JSON that was written before. */
export function writtenJson(body: Uint8Array): Reply {
  return new Reply({ headers: jsonHeaders, body });
}

/** True for bodies that are sent piece by piece. */
export function isByteStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
