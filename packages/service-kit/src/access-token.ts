import type { KeyObject } from 'node:crypto';
import { accessClaims, Problem, type AccessClaims } from '@driftbox/protocol';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { KeySource } from './key-source.ts';

/** Audience of users' access tokens. */
export const accessAudience = 'driftbox';

const maxTokenBytes = 4096;

/** Signs a user's access token (JWT, EdDSA with Ed25519) that ends at `untilMs`. */
export function signAccessToken(key: KeyObject, keyId: string, claims: AccessClaims, nowMs: number, untilMs: number): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: keyId })
    .setAudience(accessAudience)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor(untilMs / 1000))
    .sign(key);
}

async function keyOf(keys: KeySource, token: string): Promise<KeyObject> {
  const { kid } = decodeProtectedHeader(token);
  const key = kid === undefined ? undefined : await keys.find(kid);
  if (key === undefined) throw new Problem('unauthenticated', 'The access token is signed by an unknown key');
  return key;
}

/**
 * The claims of an access token and its end in ms. Throws `unauthenticated` for what is forged, expired, or signed by
 * an unknown key, and `unavailable` when the keys cannot be had.
 */
export async function verifyAccessToken(keys: KeySource, token: string, nowMs: number): Promise<{ claims: AccessClaims; untilMs: number }> {
  if (token.length > maxTokenBytes) throw new Problem('unauthenticated', 'The access token is too long');
  try {
    decodeProtectedHeader(token);
  } catch (error) {
    throw new Problem('unauthenticated', 'The access token is not valid', { cause: error });
  }
  const key = await keyOf(keys, token).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'unauthenticated') throw error;
    throw new Problem('unavailable', 'Access tokens cannot be verified at the moment', { cause: error, retryAfterSeconds: 1 });
  });
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      audience: accessAudience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(nowMs),
    });
    return { claims: accessClaims.parse(payload), untilMs: (payload.exp ?? 0) * 1000 };
  } catch (error) {
    throw new Problem('unauthenticated', 'The access token is not valid, or no longer', { cause: error });
  }
}
