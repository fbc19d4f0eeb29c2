/** Sends a browser on, and lets it keep or forget what belongs to this sign-in. Other sites' pages do not get it to send that. */
export function signInHeaders(
  location: string,
  origin: string,
  cookie: { readonly name: string; readonly value: string; readonly lifeMs: number },
): Record<string, string> {
  const { name, value, lifeMs } = cookie;
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  return {
    location,
    'set-cookie': `${name}=${value}; Path=/v1/oauth; Max-Age=${Math.floor(lifeMs / 1000)}; HttpOnly; SameSite=Lax${secure}`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  };
}
