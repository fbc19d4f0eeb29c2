import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { RunningComponent } from '../component.ts';

/** An OpenID provider with one client. */
export type OidcProvider = RunningComponent & { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };

const hourSeconds = 3_600;

/**
 * Starts a provider inside this process. Whoever signs in says who they are: the login page takes any name, which becomes
 * the subject, and `NAME@example.com` their address, verified unless the name begins with `unverified`.
 * `redirectUris` are those of the client.
 */
export async function startOidcProvider(redirectUris: readonly string[] = ['http://127.0.0.1/callback']): Promise<OidcProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'driftbox';
  const clientSecret = randomBytes(24).toString('base64url');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUris] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    // Named, because for each that is not the provider prints a notice to stdout, which may be somebody's JSON.
    ttl: { AccessToken: hourSeconds, Grant: hourSeconds, IdToken: hourSeconds, Interaction: hourSeconds, Session: hourSeconds },
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id, email: `${id}@example.com`, email_verified: !id.startsWith('unverified') }),
    }),
  });
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { issuer, clientId, clientSecret, addresses: { issuer, clientId, clientSecret }, pids: [], logFiles: [], stop };
}
