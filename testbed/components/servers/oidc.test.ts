import { expect, test } from '@jest/globals';
import { openBrowser, passProvider } from '../../src/browser.ts';
import { startOidcProvider } from './oidc.ts';

test('whoever signs in gets a code, and the client an id token for it', async () => {
  const redirectUri = 'http://127.0.0.1:1/callback';
  const provider = await startOidcProvider([redirectUri]);
  try {
    const { issuer, clientId, clientSecret } = provider;
    const discovered = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
    expect(discovered['issuer']).toBe(issuer);
    const visit = openBrowser((url) => url.startsWith(issuer));
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const back = await passProvider(visit, `${discovered['authorization_endpoint']}?${query.toString()}`, 'ada');
    expect(back.startsWith(redirectUri)).toBe(true);
    const answer = await fetch(discovered['token_endpoint'] ?? '', {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: new URL(back).searchParams.get('code') ?? '',
        redirect_uri: redirectUri,
        // The verifier of RFC 7636, appendix B.
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      }),
    });
    const tokens = (await answer.json()) as { id_token: string };
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({ iss: issuer, aud: clientId, sub: 'ada' });
  } finally {
    await provider.stop();
  }
});
