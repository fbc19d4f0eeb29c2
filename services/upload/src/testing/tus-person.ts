import { createHash } from 'node:crypto';
import { request, type ClientRequest } from 'node:http';
import type { Person, World } from './world.ts';

type Headers = Readonly<Record<string, string>>;
type Body = string | Uint8Array | ReadableStream<Uint8Array>;

/** What one request of tus was answered with. */
export type TusAnswer = { readonly status: number; readonly headers: globalThis.Headers; readonly code: string | undefined };

/** Somebody who speaks tus as its text says it, request by request. */
export class TusPerson {
  readonly #world: World;
  readonly #person: Person;

  constructor(world: World, person: Person) {
    this.#world = world;
    this.#person = person;
  }

  /** Where files are begun. */
  get endpoint(): string {
    return `${this.#world.address}/v1/drives/${this.#person.drive}/uploads`;
  }

  get headers(): Headers {
    return { authorization: `Bearer ${this.#person.token}` };
  }

  async ask(method: string, url: string, headers: Headers = {}, body?: Body): Promise<TusAnswer> {
    const init = { method, headers: { 'tus-resumable': '1.0.0', ...this.headers, ...headers }, duplex: 'half' as const };
    const answer = await fetch(new URL(url, this.endpoint), { ...init, ...(body === undefined ? {} : { body }) });
    const text = await answer.text();
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
    return {
      status: answer.status,
      headers: answer.headers,
      code: isProblem && text !== '' ? (JSON.parse(text) as { readonly code: string }).code : undefined,
    };
  }

  /** Begins a file; answers its address. */
  async begin(path: string, sizeBytes: number, headers: Headers = {}): Promise<string> {
    const answer = await this.ask('POST', this.endpoint, { ...creationOf(path, sizeBytes), ...headers });
    if (answer.status !== 201) throw new Error(`not begun: ${answer.status} ${answer.code}`);
    return answer.headers.get('location') ?? '';
  }

  append(url: string, offsetBytes: number, body: Body, headers: Headers = {}): Promise<TusAnswer> {
    return this.ask('PATCH', url, { ...appendingAt(offsetBytes), ...headers }, body);
  }

  /** Begins to send bytes; whoever asked writes them, and may leave at any moment. */
  beginAppending(url: string, offsetBytes: number): ClientRequest {
    const headers = { 'tus-resumable': '1.0.0', ...this.headers, ...appendingAt(offsetBytes) };
    return request(new URL(url, this.endpoint), { method: 'PATCH', headers }).on('error', () => {});
  }

  async offset(url: string): Promise<number> {
    const answer = await this.ask('HEAD', url);
    return Number(answer.headers.get('upload-offset') ?? Number.NaN);
  }

  /** The file at a path of the drive's root, as metadata has it. */
  entry(name: string) {
    const { drive } = this.#world.metadata.drives.get(this.#person.drive)!;
    return [...drive.entries.values()].find((entry) => entry.name === name && entry.trashed === undefined);
  }

  /** What the file of that name holds. */
  async content(name: string): Promise<Buffer> {
    const entry = this.entry(name);
    const url = `${this.#world.address}/v1/drives/${this.#person.drive}/entries/${entry?.entryId}/content`;
    return Buffer.from(await (await fetch(url, { headers: this.headers })).arrayBuffer());
  }
}

/** The headers that begin a file. */
export function creationOf(path: string, sizeBytes: number): Headers {
  return { 'upload-length': String(sizeBytes), 'upload-metadata': `path ${Buffer.from(path).toString('base64')}` };
}

/** `Upload-Checksum` of some bytes. */
export function checksumOf(bytes: Uint8Array): string {
  return `sha1 ${createHash('sha1').update(bytes).digest('base64')}`;
}

function appendingAt(offsetBytes: number): Headers {
  return { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offsetBytes) };
}
