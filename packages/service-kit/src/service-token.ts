import { createSecretKey, type KeyObject } from 'node:crypto';
import { Problem, serviceClaims, type ServiceClaims } from '@driftbox/protocol';
import { errors, jwtVerify, SignJWT, type JWTVerifyResult } from 'jose';
import { BoundedMap } from './bounded-map.ts';

/** Audience of service tokens: they never pass for a user's. */
export const serviceAudience = 'driftbox-internal';

const lifeSeconds = 60;
const signed = new BoundedMap<Promise<string>>(10_000);
const keys = new Map<string, KeyObject>();

function keyOf(serviceKey: string): KeyObject {
  let key = keys.get(serviceKey);
  if (key === undefined) {
    if (Buffer.byteLength(serviceKey) < 32) throw new Error('the service key needs at least 32 bytes (RFC 7518 section 3.2)');
    if (keys.size >= 16) keys.clear();
    keys.set(serviceKey, (key = createSecretKey(Buffer.from(serviceKey))));
  }
  return key;
}

/**
 * A token by which one service calls another, for 60 s (JWT, HS256). The same caller, tenant and actor get the same
 * token until its life is half over.
 */
export function signServiceToken(serviceKey: string, claims: ServiceClaims): Promise<string> {
  const name = `${serviceKey} ${JSON.stringify(claims)}`;
  const nowMs = Date.now();
  const known = signed.get(name, nowMs);
  if (known !== undefined) return known;
  const token = sign(serviceKey, claims, nowMs);
  // Before it is there: calls made at once carry one token.
  signed.set(name, token, nowMs + (lifeSeconds * 1000) / 2);
  return token;
}

async function sign(serviceKey: string, claims: ServiceClaims, nowMs: number): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience(serviceAudience)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor(nowMs / 1000) + lifeSeconds)
    .sign(keyOf(serviceKey));
}

/** The keys that service tokens may be signed with: a cell's own, and while it is being replaced another. */
export type ServiceKeys = { readonly serviceKey: string; readonly otherServiceKey?: string | undefined };

/**
 * The claims of a service token and its end. Throws `unauthenticated` for anything forged, expired or of another kind.
 * Signatures are compared in constant time, by WebCrypto.
 */
export async function verifyServiceToken(
  { serviceKey, otherServiceKey }: ServiceKeys,
  token: string,
): Promise<{ claims: ServiceClaims; untilMs: number }> {
  try {
    const { payload } = await verified(token, serviceKey).catch((error: unknown) => {
      if (otherServiceKey === undefined || !(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      return verified(token, otherServiceKey);
    });
    return { claims: serviceClaims.parse(payload), untilMs: (payload.exp ?? 0) * 1000 };
  } catch (error) {
    throw new Problem('unauthenticated', 'The service token is not valid', { cause: error });
  }
}

function verified(token: string, key: string): Promise<JWTVerifyResult> {
  return jwtVerify(token, keyOf(key), { algorithms: ['HS256'], audience: serviceAudience, requiredClaims: ['exp'], clockTolerance: 5 });
}
