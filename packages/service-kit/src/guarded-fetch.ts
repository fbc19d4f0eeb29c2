import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { checkedLookup } from './checked-lookup.ts';
import { isPublicAddress } from './public-address.ts';

/** Where requests may go whose address somebody outside chose, and how long and large answers may be. */
export type FetchGuard = {
  /** Hosts, as in the address, that may be on private networks and speak plain HTTP. */
  readonly privateHosts: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
};

/** What a guarded request takes; it follows no redirection. */
export type GuardedRequest = {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | URLSearchParams | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
};
export type GuardedFetch = (url: string, init?: GuardedRequest) => Promise<Response>;

/** Statuses that the Fetch standard gives no body. */
const bodiless = new Set([204, 205, 304]);

const publicLookup = checkedLookup((found, host) => {
  const [first, ...others] = found;
  if (first === undefined || !found.every(({ address }) => isPublicAddress(address)))
    throw new Error(`${host} is not in the public internet`);
  return [first, ...others];
});

/**
 * A `fetch` for addresses that others choose (server-side request forgery, OWASP API7): HTTPS to public addresses only, one
 * request each, bounded in time and size. Throws an `Error` whose message is for the log, not for who asked.
 */
export function guardedFetch({ privateHosts, timeoutMs, maxBodyBytes }: FetchGuard): GuardedFetch {
  return async (address, { method = 'GET', headers = {}, body, signal } = {}) => {
    const url = new URL(address);
    const trusted = privateHosts.has(url.hostname);
    if (url.protocol !== 'https:' && !(trusted && url.protocol === 'http:')) throw new Error(`${url.origin} does not speak HTTPS`);
    const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (!trusted && isIP(literal) !== 0 && !isPublicAddress(literal)) throw new Error(`${literal} is not in the public internet`);
    const late = AbortSignal.timeout(timeoutMs);
    const options = {
      method,
      headers,
      agent: false,
      signal: signal === undefined || signal === null ? late : AbortSignal.any([signal, late]),
      ...(trusted ? {} : { lookup: publicLookup }),
    };
    return new Promise<Response>((done, fail) => {
      const sent = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, options, (answer) => {
        const pieces: Buffer[] = [];
        let sizeBytes = 0;
        answer.on('data', (piece: Buffer) => {
          sizeBytes += piece.length;
          if (sizeBytes > maxBodyBytes) answer.destroy(new Error(`${url.host} answers more than ${maxBodyBytes} bytes`));
          else pieces.push(piece);
        });
        answer.on('error', fail);
        answer.on('end', () => {
          const status = answer.statusCode ?? 500;
          const names = new Headers();
          for (const [name, values] of Object.entries(answer.headersDistinct)) for (const value of values ?? []) names.append(name, value);
          done(new Response(bodiless.has(status) ? null : Buffer.concat(pieces), { status, headers: names }));
        });
      });
      sent.on('error', fail);
      sent.end(body instanceof URLSearchParams ? body.toString() : (body ?? undefined));
    });
  };
}
