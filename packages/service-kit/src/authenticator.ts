import { createHash } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import { Problem, type LinkClaims, type RouteAuth } from '@driftbox/protocol';
import type { Registry } from 'prom-client';
import { actorOf } from './acting-claims.ts';
import { verifyAccessToken } from './access-token.ts';
import { BoundedMap } from './bounded-map.ts';
import { countLookups, type CountLookup } from './count-lookups.ts';
import type { KeySource } from './key-source.ts';
import type { RevocationSource } from './revocations.ts';
import type { Actor } from './route-request.ts';
import { verifyServiceToken, type ServiceKeys } from './service-token.ts';

/** Who a request comes from, once proven. */
export type Identity = {
  readonly caller: string;
  readonly tenantId: TenantId | undefined;
  readonly actor: Actor | undefined;
  /** Set where the call is one of somebody who only holds a link: all that it may reach. */
  readonly link?: LinkClaims | undefined;
  /** When the proof ends, for a user's token: who stays connected for longer must renew it. */
  readonly untilMs?: number | undefined;
};

/** What an authenticator looks at. */
export type Credentials = {
  readonly authorization: string | undefined;
  /** The tenant that the host names, if any. */
  readonly hostTenantId: TenantId | undefined;
  readonly address: string;
};

/**
 * Proves callers. Throws `unauthenticated`, `permission_denied` for a caller of the wrong kind, or `tenant_suspended` for
 * everything on the host or in the name of a tenant that is.
 */
export type Authenticator = {
  authenticate(auth: RouteAuth, credentials: Credentials): Identity | Promise<Identity>;
};

/** An app password as sent by Basic authorisation. */
export type BasicCredentials = { readonly email: string; readonly password: string };

/** `serviceKey` is the cell's secret, at least 32 bytes; tokens signed with `otherServiceKey` are taken too. */
type AuthenticatorOptions = ServiceKeys & {
  readonly keys: KeySource;
  readonly revocations?: RevocationSource | undefined;
  /** Exchanges an app password for an access token; without it Basic is refused. */
  readonly exchangeBasic?: ((credentials: BasicCredentials, tenantId: TenantId, address: string) => Promise<string>) | undefined;
  readonly nowMs?: () => number;
  /** Where it is counted how often a token was known already. */
  readonly registry?: Registry | undefined;
};

const maxVerified = 50_000;
const maxExchanged = 10_000;
const exchangedMs = 60_000;
const nobody: Identity = Object.freeze({ caller: 'anybody', tenantId: undefined, actor: undefined });

function parseBasic(text: string): BasicCredentials {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1 || decoded.length > 1024) throw new Problem('unauthenticated', 'The Basic credentials are malformed');
  return { email: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** Remembers what was verified until it ends, so that a token costs its signature check once. */
class TokenAuthenticator implements Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #nowMs: () => number;
  readonly #users = new BoundedMap<Identity>(maxVerified);
  readonly #services = new BoundedMap<Identity>(maxVerified);
  readonly #exchanged = new BoundedMap<string>(maxExchanged);
  readonly #count: Readonly<Record<'users' | 'services' | 'exchanged', CountLookup>>;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#count = {
      users: countLookups(options.registry, 'user_tokens'),
      services: countLookups(options.registry, 'service_tokens'),
      exchanged: countLookups(options.registry, 'app_passwords'),
    };
  }

  authenticate(auth: RouteAuth, credentials: Credentials): Identity | Promise<Identity> {
    const { authorization, hostTenantId } = credentials;
    this.#refuseSuspended(hostTenantId);
    if (auth === 'none') return nobody;
    if (authorization === undefined) throw new Problem('unauthenticated');
    const space = authorization.indexOf(' ');
    const scheme = authorization.slice(0, space).toLowerCase();
    const value = authorization.slice(space + 1).trim();
    if (auth === 'user' && scheme === 'basic') return this.#basic(value, credentials);
    if (scheme !== 'bearer' || value === '') throw new Problem('unauthenticated', 'Bearer authorisation is needed');
    return auth === 'user' ? this.#user(value, credentials) : this.#service(value, auth);
  }

  #user(token: string, credentials: Credentials): Identity | Promise<Identity> {
    const known = this.#users.get(token, this.#nowMs());
    this.#count.users(known !== undefined);
    return known === undefined ? this.#verifyUser(token, credentials) : this.#admit(known, credentials);
  }

  async #verifyUser(token: string, credentials: Credentials): Promise<Identity> {
    const { claims, untilMs } = await verifyAccessToken(this.#options.keys, token, this.#nowMs());
    const identity: Identity = Object.freeze({ caller: 'user', tenantId: claims.tid, actor: Object.freeze(actorOf(claims)), untilMs });
    this.#users.set(token, identity, untilMs);
    return this.#admit(identity, credentials);
  }

  #admit(identity: Identity, { hostTenantId }: Credentials): Identity {
    if (hostTenantId !== undefined && hostTenantId !== identity.tenantId) {
      throw new Problem('unauthenticated', 'The access token belongs to another tenant');
    }
    this.#refuseSuspended(identity.tenantId);
    const { actor } = identity;
    if (actor === undefined || this.#options.revocations?.isRevoked(actor.sessionId, actor.userId) === true)
      throw new Problem('unauthenticated', 'The session has ended');
    return identity;
  }

  async #basic(value: string, credentials: Credentials): Promise<Identity> {
    const { exchangeBasic } = this.#options;
    const { hostTenantId } = credentials;
    if (exchangeBasic === undefined || hostTenantId === undefined)
      throw new Problem('unauthenticated', 'Basic authorisation is not taken here');
    const name = createHash('sha256').update(`${hostTenantId} ${value}`).digest('base64');
    let token = this.#exchanged.get(name, this.#nowMs());
    this.#count.exchanged(token !== undefined);
    if (token === undefined) {
      token = await exchangeBasic(parseBasic(value), hostTenantId, credentials.address);
      this.#exchanged.set(name, token, this.#nowMs() + exchangedMs);
    }
    return this.#user(token, credentials);
  }

  async #service(token: string, auth: RouteAuth): Promise<Identity> {
    // Service tokens are signed by this machine's clock, whatever the clock of users' tokens is in a test.
    const nowMs = Date.now();
    let identity = this.#services.get(token, nowMs);
    this.#count.services(identity !== undefined);
    if (identity === undefined) {
      const { claims, untilMs } = await verifyServiceToken(this.#options, token);
      identity = Object.freeze({
        caller: claims.caller,
        tenantId: claims.tid,
        actor: claims.act === undefined ? undefined : Object.freeze(actorOf(claims.act)),
        link: claims.link,
      });
      this.#services.set(token, identity, untilMs);
    }
    if ((identity.caller === 'admin') !== (auth === 'admin')) throw new Problem('permission_denied', 'This route is not for this caller');
    // What a service does for nobody in particular, such as to end what is overdue, goes on.
    if (identity.actor !== undefined) this.#refuseSuspended(identity.tenantId);
    return identity;
  }

  #refuseSuspended(tenantId: TenantId | undefined): void {
    if (tenantId !== undefined && this.#options.revocations?.isSuspended(tenantId) === true) throw new Problem('tenant_suspended');
  }
}

/** Makes an authenticator; see the types for what each part is for. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  return new TokenAuthenticator(options);
}
