import type { IncomingMessage } from 'node:http';
import { pause, type Clock } from '../clock.ts';
import { TokenBucket, type TokenRate } from '../token-bucket.ts';
import type { Answer, Refusal } from './answer.ts';
import type { CountRequest } from './api-metrics.ts';
import type { CallOptions } from './api.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { readRefusal } from './read-refusal.ts';
import { readText } from './read-text.ts';
import { sendRequest, TimedOut, type HttpRequest } from './send-request.ts';

/** What a caller is made of. */
export type CallerOptions = {
  readonly access: ClusterAccess;
  readonly clock: Clock;
  readonly rate: TokenRate;
  readonly userAgent: string;
  readonly count?: CountRequest | undefined;
};

/** A request without what is the same for all. */
export type Call = Pick<HttpRequest, 'method' | 'path' | 'body'> & { readonly accept?: string; readonly contentType?: string };

const defaultTimeoutMs = 30_000;
/** Who cannot be served within this is told so at once. */
const longestQueueMs = 60_000;

/** Sends requests at the rate allowed, and makes answers of what comes back. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #bucket: TokenBucket;

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#bucket = new TokenBucket(options.rate, options.clock.now());
  }

  /** The whole answer, parsed. Throws only when the signal is aborted. */
  async call<T>(call: Call, options: CallOptions = {}): Promise<Answer<T>> {
    const endMs = this.#options.clock.now() + (options.timeoutMs ?? defaultTimeoutMs);
    const opened = await this.open(call, options);
    if (opened.kind !== 'ok') return opened;
    return this.#settle(options.signal, async () => {
      const text = await readText(opened.value, this.#left(endMs), options.signal);
      return { kind: 'ok', value: JSON.parse(text) as T };
    });
  }

  /** The answer's beginning, if it is a good one; the caller reads or destroys the rest. Throws only when the signal is aborted. */
  async open(call: Call, options: CallOptions = {}): Promise<Answer<IncomingMessage>> {
    const { access, clock, count } = this.#options;
    const { signal, timeoutMs = defaultTimeoutMs } = options;
    signal?.throwIfAborted();
    const endMs = clock.now() + timeoutMs;
    const waitMs = this.#bucket.take(clock.now(), Math.min(timeoutMs, longestQueueMs));
    if (waitMs === undefined) return unanswered('timedOut', 'more requests are waiting than may be sent in time');
    if (waitMs > 0) await pause(clock, waitMs, signal);
    signal?.throwIfAborted();
    return this.#settle(signal, async () => {
      const tell = (code: number | '<error>'): void => count?.(code, call.method, access.server.host);
      const incoming = await sendRequest(access, { ...this.#request(call), signal, timeoutMs: this.#left(endMs) }).catch(
        (error: unknown) => {
          tell('<error>');
          throw error;
        },
      );
      const code = incoming.statusCode ?? 0;
      tell(code);
      if (code >= 200 && code < 300) return { kind: 'ok', value: incoming };
      return readRefusal(code, await readText(incoming, this.#left(endMs), signal), incoming.headers['retry-after']);
    });
  }

  #request({ method, path, body, accept = 'application/json', contentType = 'application/json' }: Call): Omit<HttpRequest, 'timeoutMs'> {
    const typed: Record<string, string> = body === undefined ? {} : { 'content-type': contentType };
    return { method, path, body, headers: { accept, 'user-agent': this.#options.userAgent, ...typed } };
  }

  #left(endMs: number): number {
    return Math.max(1, endMs - this.#options.clock.now());
  }

  async #settle<T>(signal: AbortSignal | undefined, work: () => Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      return unanswered(error instanceof TimedOut ? 'timedOut' : 'unreachable', error instanceof Error ? error.message : String(error));
    }
  }
}

function unanswered(kind: 'timedOut' | 'unreachable', message: string): Refusal {
  return { kind, code: 0, reason: '', message };
}
