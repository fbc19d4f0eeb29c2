import { httpTransport, type RequestBody } from '@driftbox/api-client';

/** One answer, read to its end. */
export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The code of the problem, where it is one. */
  readonly code: string | undefined;
};

/** A request as a client that keeps no rules would send it. `path` goes as it is; `token` becomes the bearer. */
export type RawRequest = {
  readonly method?: string;
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
};

/** Sends one request on a connection of its own, past the typed client, and reads the answer. */
export async function rawRequest(address: string, request: RawRequest): Promise<RawAnswer> {
  const transport = httpTransport(address);
  const { method = 'GET', path, token, body } = request;
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...request.headers };
  try {
    const answer = await transport({ method, path, headers, ...(body === undefined ? {} : { body }) });
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const isProblem = answer.headers['content-type']?.startsWith('application/problem+json') === true;
    const code = isProblem && bytes.length > 0 ? (JSON.parse(bytes.toString()) as { code: string }).code : undefined;
    return { status: answer.status, headers: answer.headers, body: bytes, code };
  } finally {
    transport.close();
  }
}
