import type { AccessClaims } from '@driftbox/protocol';
import type { Actor } from './route-request.ts';

/** The claims of a user as a service token carries them. */
export function claimsOf(actor: Actor): Omit<AccessClaims, 'tid'> {
  return {
    sub: actor.userId,
    sid: actor.sessionId,
    role: actor.role,
    scope: actor.scope,
    ...(actor.deviceId === undefined ? {} : { did: actor.deviceId }),
  };
}

/** The acting user that such claims name. */
export function actorOf(claims: Omit<AccessClaims, 'tid'>): Actor {
  return { userId: claims.sub, deviceId: claims.did, sessionId: claims.sid, role: claims.role, scope: claims.scope };
}
