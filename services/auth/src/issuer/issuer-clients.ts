import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { BoundedMap, type CountLookup, type GuardedFetch } from '@driftbox/service-kit';
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  type ClientAuth,
  type Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
} from 'openid-client';
import { openSealed, seal } from '../seal.ts';
import type { IssuerRow } from '../store/issuer-row.ts';

const maxKept = 1_000;
/** A provider that moves its endpoints or keys is followed within this time. */
const keepMs = 10 * 60_000;

type Parts = {
  readonly fetch: GuardedFetch;
  /** Seals the secrets of clients in the database. */
  readonly secret: string;
  /** Hosts of issuers that may speak plain HTTP. */
  readonly privateHosts: ReadonlySet<string>;
  readonly count: CountLookup;
};

/** The secret goes where the provider reads it: by Basic, its default (OpenID Connect Core, section 9), or else in the body. */
function authenticationBy(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...rest) => {
    const ways = server.token_endpoint_auth_methods_supported;
    const inBody = ways !== undefined && !ways.includes('client_secret_basic') && ways.includes('client_secret_post');
    return (inBody ? post : basic)(server, ...rest);
  };
}

/** What the library sends is text, a form or bytes. */
function fetchBy(fetch: GuardedFetch): CustomFetch {
  return (url, { method, headers, body, signal }) => {
    if (body instanceof ReadableStream) throw new Error('streams are not sent to issuers');
    return fetch(url, { method, headers, signal, body: body instanceof ArrayBuffer ? new Uint8Array(body) : body });
  };
}

/** DriftBox as a client of the issuers of all tenants; what they say of themselves is kept for ten minutes. */
export class IssuerClients {
  readonly #parts: Parts;
  readonly #known = new BoundedMap<Configuration>(maxKept);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The secret as it is kept. */
  sealSecret(tenantId: TenantId, name: string, clientSecret: string): Buffer {
    return seal(this.#parts.secret, 'issuer secrets', `${tenantId} ${name}`, Buffer.from(clientSecret));
  }

  /** Throws `invalid_argument` for an issuer that is not asked: plain HTTP where it is not allowed, or no plain address. */
  check(issuer: string): void {
    const { protocol, hostname, username, password, search, hash } = new URL(issuer);
    if (protocol !== 'https:' && !this.#parts.privateHosts.has(hostname))
      throw new Problem('invalid_argument', 'body.issuer: must begin with https://');
    if (username + password + search + hash !== '')
      throw new Problem('invalid_argument', 'body.issuer: has neither user, query nor fragment');
  }

  /** An issuer's endpoints and keys, and ourselves as its client. Throws what went wrong, for the log. */
  async open(tenantId: TenantId, row: IssuerRow): Promise<Configuration> {
    const key = JSON.stringify([tenantId, row.name, row.issuer, row.clientId, row.sealedSecret?.toString('base64')]);
    const known = this.#known.get(key, Date.now());
    this.#parts.count(known !== undefined);
    if (known !== undefined) return known;
    const authentication =
      row.sealedSecret === null
        ? None()
        : authenticationBy(openSealed(this.#parts.secret, 'issuer secrets', `${tenantId} ${row.name}`, row.sealedSecret).toString());
    const configuration = await discovery(new URL(row.issuer), row.clientId, undefined, authentication, {
      [customFetch]: fetchBy(this.#parts.fetch),
      // Which hosts may speak plain HTTP is decided by the guarded fetch, request by request. An id token's signature is checked
      // wherever it came from: the connection alone proves little where somebody between ends TLS.
      execute: [allowInsecureRequests, enableNonRepudiationChecks],
    });
    this.#known.set(key, configuration, Date.now() + keepMs);
    return configuration;
  }
}
