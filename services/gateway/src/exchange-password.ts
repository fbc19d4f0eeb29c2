import { createHash } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { BoundedMap, type CountLookup } from '@driftbox/service-kit';

/** Asks auth to exchange an app password for an access token. Throws `unauthenticated`, or what keeps auth from answering. */
export type Exchange = (ask: { tenantId: TenantId; email: string; password: string; address: string }) => Promise<string>;

const keepMs = 60_000;
const maxKept = 10_000;
const maxCredentialBytes = 1024;

/** Turns Basic credentials into access tokens, each asked for once a minute at most. */
export class PasswordExchange {
  readonly #exchange: Exchange;
  readonly #nowMs: () => number;
  readonly #count: CountLookup;
  readonly #kept = new BoundedMap<string>(maxKept);
  readonly #running = new Map<string, Promise<string>>();

  constructor(exchange: Exchange, nowMs: () => number, count: CountLookup) {
    this.#exchange = exchange;
    this.#count = count;
    this.#nowMs = nowMs;
  }

  /** The access token for the value of a Basic authorisation. Throws `unauthenticated` for what is malformed or not valid. */
  async tokenFor(credentials: string, tenantId: TenantId, address: string): Promise<string> {
    // What is held in memory names no password.
    const name = createHash('sha256').update(`${tenantId} ${credentials}`).digest('base64');
    const kept = this.#kept.get(name, this.#nowMs());
    this.#count(kept !== undefined);
    if (kept !== undefined) return kept;
    let running = this.#running.get(name);
    if (running === undefined) {
      running = this.#ask(name, credentials, tenantId, address).finally(() => this.#running.delete(name));
      this.#running.set(name, running);
    }
    return running;
  }

  async #ask(name: string, credentials: string, tenantId: TenantId, address: string): Promise<string> {
    const token = await this.#exchange({ tenantId, address, ...parse(credentials) });
    this.#kept.set(name, token, this.#nowMs() + keepMs);
    return token;
  }
}

/** RFC 7617: base64 of `user:password`; the password may hold further colons. */
function parse(credentials: string): { email: string; password: string } {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1 || colon === decoded.length - 1 || decoded.length > maxCredentialBytes)
    throw new Problem('unauthenticated', 'The Basic credentials are malformed');
  return { email: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
