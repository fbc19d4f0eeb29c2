import { expect, test } from '@jest/globals';
import { startOidcProvider } from './oidc.ts';

type Visit = (url: string, form?: Record<string, string>) => Promise<{ url: string; page: string }>;

/** A browser that keeps cookies and follows redirects until one leaves the provider. */
function browse(issuer: string): Visit {
  const cookies = new Map<string, string>();
  const visit: Visit = async (url, form) => {
    const answer = await fetch(new URL(url, issuer), {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const target = answer.headers.get('location');
    if (target === null) return { url, page: await answer.text() };
    const next = new URL(target, issuer).href;
    return next.startsWith(issuer) ? visit(next) : { url: next, page: '' };
  };
  return visit;
}

const formTarget = (page: string): string => /action="([^"]+)"/.exec(page)?.[1] ?? '';

test('whoever signs in gets a code, and the client an id token for it', async () => {
  const redirectUri = 'http://127.0.0.1:1/callback';
  const provider = await startOidcProvider([redirectUri]);
  try {
    const { issuer, clientId, clientSecret } = provider;
    const discovered = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
    expect(discovered['issuer']).toBe(issuer);
    const visit = browse(issuer);
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const login = await visit(`${discovered['authorization_endpoint']}?${query.toString()}`);
    const consent = await visit(formTarget(login.page), { prompt: 'login', login: 'ada', password: 'any' });
    const back = await visit(formTarget(consent.page), { prompt: 'consent' });
    expect(back.url.startsWith(redirectUri)).toBe(true);
    const answer = await fetch(discovered['token_endpoint'] ?? '', {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: new URL(back.url).searchParams.get('code') ?? '',
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
