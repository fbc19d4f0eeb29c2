import { readFile } from 'node:fs/promises';
import { StoreError } from '../store-error.ts';

/** How the transit engine of a Vault or OpenBao is reached. */
export type TransitSettings = {
  /** Address of the server, without a path; `https`, or `http` on this machine alone: data keys pass through it. */
  readonly url: string;
  /** Where the engine is mounted. */
  readonly mount: string;
  /** Name of the key there; it must exist, with `derived=true`. */
  readonly key: string;
  /** Holds the token; read for each call, so that whoever renews tokens only replaces the file. */
  readonly tokenFile: string;
  readonly namespace?: string | undefined;
  /** For each call; default 5,000. */
  readonly timeoutMs?: number;
};

/** What is wrong with the settings, for people; nothing if they can be used. */
export function transitFaults({ url, mount, key }: Pick<TransitSettings, 'url' | 'mount' | 'key'>): string[] {
  const address = URL.parse(url);
  const local = address !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(address.hostname);
  const faults: string[] = [];
  if (address === null || !/^https?:$/.test(address.protocol) || address.pathname !== '/' || address.search !== '') {
    faults.push('the address of transit must be one without path, such as https://bao.example.com:8200');
  } else if (address.protocol === 'http:' && !local) {
    faults.push('the address of transit must be https: data keys pass through it');
  }
  if (!/^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/.test(mount))
    faults.push('the mount of transit must be a path such as transit or team/transit');
  if (!/^[A-Za-z0-9_.-]+$/.test(key)) faults.push('the name of the transit key must be letters, digits, dots, hyphens and underscores');
  return faults;
}

type Call = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: object };

const mostQuoted = 200;

/** The HTTP API of the transit engine. Every failure is a `StoreError`; none quotes a token, a key or what is wrapped. */
export class TransitClient {
  readonly #settings: TransitSettings;

  constructor(settings: TransitSettings) {
    this.#settings = settings;
  }

  /** The `data` of the answer. */
  async call({ method, path, body }: Call): Promise<Record<string, unknown>> {
    const { url, mount, tokenFile, namespace, timeoutMs = 5_000 } = this.#settings;
    const headers = { 'X-Vault-Token': await readToken(tokenFile), ...(namespace === undefined ? {} : { 'X-Vault-Namespace': namespace }) };
    const doing = `${mount}/${path}`;
    let status: number;
    let text: string;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      // A redirect would carry the token elsewhere.
      const init = { method, headers, signal, redirect: 'error', ...(body === undefined ? {} : { body: JSON.stringify(body) }) } as const;
      const answer = await fetch(new URL(`/v1/${doing}`, url), init);
      status = answer.status;
      text = await answer.text();
    } catch (error) {
      throw new StoreError('unavailable', `${doing}: the key manager does not answer`, { cause: error });
    }
    const answer = parse(text);
    if (status >= 200 && status < 300) return (answer['data'] ?? {}) as Record<string, unknown>;
    throw refusal(doing, status, answer['errors']);
  }
}

/** What the engine says of one wrapping, in an answer of its own or among those of a batch. */
export function transitError(doing: string, said: string): StoreError {
  const message = `${doing}: ${said.slice(0, mostQuoted)}`;
  if (/authentication failed|invalid ciphertext: (no prefix|wrong number|could not decode)|illegal base64/.test(said))
    return new StoreError('corrupt', message);
  if (/too (old|new)/.test(said)) return new StoreError('not_found', message);
  return new StoreError('unavailable', message, { transient: false });
}

function refusal(doing: string, status: number, errors: unknown): StoreError {
  const said = Array.isArray(errors) && errors.length > 0 ? errors.join('; ') : `status ${status}`;
  if (status === 400) return transitError(doing, said);
  // 403 passes once the token is replaced, 429 and 5xx once the server is there again; 404 is a setting.
  return new StoreError('unavailable', `${doing}: ${said.slice(0, mostQuoted)}`, { transient: status !== 404 });
}

async function readToken(file: string): Promise<string> {
  const token = await readFile(file, 'utf8').catch((error: Error) => {
    throw new StoreError('unavailable', `the token of the key manager cannot be read from ${file}`, { cause: error });
  });
  if (!/^[\x21-\x7e]+$/.test(token.trim())) throw new StoreError('unavailable', `${file} holds no token`);
  return token.trim();
}

function parse(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
