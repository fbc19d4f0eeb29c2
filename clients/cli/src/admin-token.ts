import { createHmac } from 'node:crypto';

const lifeSeconds = 60;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A token for a cell's administrator, for one tenant or for what belongs to none. Valid for a minute (JWT, RFC 7519, HS256
 * under the cell's service key).
 */
export function adminToken(serviceKey: string, tenant: string | undefined, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000);
  const claims = { caller: 'admin', tid: tenant, aud: 'driftbox-internal', iat: issued, exp: issued + lifeSeconds };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', serviceKey).update(text).digest('base64url')}`;
}
