import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Claims = Record<string, unknown>;

/** What the issuer puts into a token in place of what is right; a test changes it between sign-ins. */
export type Answers = {
  claims?: Claims;
  header?: Claims;
  key?: 'own' | 'foreign';
  userinfo?: Claims;
  withoutToken?: boolean;
  repeats?: boolean;
};

/** An issuer that confirms whatever a test says, right or wrong, which no real one would. It remembers the nonce of each code. */
export type TestIssuer = {
  readonly issuer: string;
  answers: Answers;
  /** Plays the browser at the issuer's page: answers where it is sent back to. */
  authorise(location: string): Promise<string>;
  readonly tokenRequests: { readonly authorization: string | undefined; readonly form: URLSearchParams }[];
  close(): void;
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Starts it on loopback. */
export async function startIssuer(): Promise<TestIssuer> {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const nonces = new Map<string, string>();
  const server = createServer((request, response) => {
    void answer(request).then((body) =>
      response
        .writeHead(body === undefined ? 400 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(body ?? { error: 'invalid_grant' })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const idToken = (nonce: string): string => {
    const seconds = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      sub: 'ada',
      aud: 'driftbox',
      nonce,
      iat: seconds,
      exp: seconds + 60,
      email: 'ada@example.com',
      email_verified: true,
    };
    const signed = `${encode({ alg: 'ES256', kid: 'one', ...made.answers.header })}.${encode({ ...claims, ...made.answers.claims })}`;
    const key = (made.answers.key === 'foreign' ? foreign : own).privateKey;
    return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  async function answer(request: IncomingMessage): Promise<unknown> {
    if (request.url === '/.well-known/openid-configuration')
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/userinfo`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      };
    if (request.url === '/keys') return { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' }] };
    if (request.url === '/userinfo') return { sub: 'ada', ...made.answers.userinfo };
    const form = new URLSearchParams(await text(request));
    made.tokenRequests.push({ authorization: request.headers.authorization, form });
    const nonce = nonces.get(form.get('code') ?? '');
    if (nonce === undefined) return undefined;
    if (made.answers.repeats !== true) nonces.delete(form.get('code') ?? '');
    const tokens = { access_token: 'opaque', token_type: 'Bearer', expires_in: 60 };
    return made.answers.withoutToken === true ? tokens : { ...tokens, id_token: idToken(nonce) };
  }
  const made: TestIssuer = {
    issuer,
    answers: {},
    tokenRequests: [],
    authorise(location) {
      const { searchParams } = new URL(location);
      const code = randomBytes(8).toString('hex');
      nonces.set(code, searchParams.get('nonce') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: searchParams.get('state') ?? '', session_state: 'dropped' }).toString();
      return Promise.resolve(back.href);
    },
    close: () => server.close().closeAllConnections(),
  };
  return made;
}
