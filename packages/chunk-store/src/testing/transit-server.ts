import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { bodyOf, closeNow, listenHere } from './local-server.ts';

export type TransitCall = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
};
export type TransitReply = { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> };

const ok = (data: object): TransitReply => ({ status: 200, text: JSON.stringify({ data }) });
const refused = (error: string): TransitReply => ({ status: 400, text: JSON.stringify({ errors: [error] }) });

/** For tests: a transit engine with a single key on this machine, which says what OpenBao says. */
export class TransitServer {
  /** By generation, from 1. */
  readonly keys = new Map<number, Buffer>([[1, randomBytes(32)]]);
  readonly calls: TransitCall[] = [];
  /** Answers in the place of the engine, where it answers anything. */
  instead: (call: TransitCall) => TransitReply | undefined = () => undefined;
  url = '';
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<TransitServer> {
    const server = new TransitServer();
    server.url = await listenHere(server.#server);
    return server;
  }

  close(): Promise<void> {
    return closeNow(this.#server);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await bodyOf(request)).toString() || '{}') as Record<string, unknown>;
    const call = { method: request.method ?? '', path: (request.url ?? '').replace('/v1/transit/', ''), headers: request.headers, body };
    this.calls.push(call);
    const { status, text, headers = {} } = this.instead(call) ?? this.#answer(call);
    response.writeHead(status, { ...headers }).end(text);
  }

  #answer({ path, body }: TransitCall): TransitReply {
    const current = Math.max(...this.keys.keys());
    if (path === 'keys/main') {
      const keys = Object.fromEntries([...this.keys.keys()].map((generation) => [generation, 0]));
      return ok({ latest_version: current, keys, derived: true });
    }
    if (path === 'keys/main/rotate') this.keys.set(current + 1, randomBytes(32));
    if (path === 'keys/main/trim')
      for (const generation of this.keys.keys()) if (generation < Number(body['min_available_version'])) this.keys.delete(generation);
    if (path.startsWith('keys/')) return { status: 204, text: '' };
    if (path === 'encrypt/main') return ok({ ciphertext: this.#wrap(String(body['plaintext']), String(body['context'])) });
    if (path === 'decrypt/main') {
      const plaintext = this.#unwrap(String(body['ciphertext']), String(body['context']));
      return plaintext instanceof Error ? refused(plaintext.message) : ok({ plaintext });
    }
    const batch = body['batch_input'] as { ciphertext: string; context: string }[];
    const results = batch.map(({ ciphertext, context }) => {
      const plaintext = this.#unwrap(ciphertext, context);
      return plaintext instanceof Error ? { error: plaintext.message } : { ciphertext: this.#wrap(plaintext, context) };
    });
    return ok({ batch_results: results });
  }

  #derived(generation: number, context: string): Buffer | undefined {
    const key = this.keys.get(generation);
    return key === undefined ? undefined : createHash('sha256').update(key).update(context).digest();
  }

  #wrap(plaintext: string, context: string): string {
    const generation = Math.max(...this.keys.keys());
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#derived(generation, context) ?? Buffer.alloc(32), nonce);
    const sealed = Buffer.concat([nonce, cipher.update(plaintext, 'base64'), cipher.final(), cipher.getAuthTag()]);
    return `vault:v${generation}:${sealed.toString('base64')}`;
  }

  #unwrap(ciphertext: string, context: string): string | Error {
    const [, generation = '', text = ''] = /^vault:v(\d+):(.*)$/.exec(ciphertext) ?? [];
    const key = this.#derived(Number(generation), context);
    if (key === undefined) return new Error(`invalid ciphertext: version is too ${Number(generation) > this.keys.size ? 'new' : 'old'}`);
    const sealed = Buffer.from(text, 'base64');
    if (sealed.toString('base64') !== text) return new Error('invalid ciphertext: could not decode base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('base64');
    } catch {
      return new Error('cipher: message authentication failed');
    }
  }
}
