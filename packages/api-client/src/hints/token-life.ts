type Life = { readonly iat: number; readonly exp: number };

/** Before its end a token is renewed by up to this much, so that the new one is there in time. */
const leadMs = 60_000;
/** What a token that tells nothing of its life is taken to live. */
const unknownLifeMs = 10 * 60_000;
const leastMs = 1_000;

/**
 * Milliseconds until a token should be replaced, spread a little by `dice` (0 to 1). An access token is a JWT that says
 * when it was issued and when it ends (RFC 7519); it is only read here, not believed: the server decides.
 */
export function renewAfterMs(token: string, nowMs: number, dice: number): number {
  const life = lifeOf(token);
  const wholeMs = life === undefined ? unknownLifeMs : (life.exp - life.iat) * 1000;
  // A clock that is wrong must neither renew all the time nor never.
  const leftMs = life === undefined ? unknownLifeMs : Math.min(wholeMs, Math.max(0, life.exp * 1000 - nowMs));
  const lead = Math.min(leadMs * (1 + dice / 2), wholeMs / 3);
  return Math.max(leastMs, leftMs - lead);
}

function lifeOf(token: string): Life | undefined {
  try {
    const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Partial<Life>;
    return typeof iat === 'number' && typeof exp === 'number' && exp > iat ? { iat, exp } : undefined;
  } catch {
    return undefined;
  }
}
