import { parseSubjectId, parseUserId } from '@driftbox/domain';
import type { Grant } from '@driftbox/protocol';
import { stored } from './store/entry-row.ts';
import type { GrantRow } from './store/grants.ts';

/** A grant on the wire. */
export function presentGrant(row: GrantRow): Grant {
  return {
    subject: stored(parseSubjectId, row.subject),
    kind: row.kind,
    name: row.name,
    ...(row.email === null ? {} : { email: row.email }),
    role: row.role,
    grantedBy: stored(parseUserId, row.granted_by),
    grantedAt: new Date(row.granted_at).toISOString(),
  };
}
