import type { Digest, DriveId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { Actor } from '@driftbox/service-kit';
import { askPossession, type Acting, type Metadata } from './metadata.ts';
import { findProofs } from './store/find-proofs.ts';

/** A user at work on a drive. */
export type AtWork = Acting & { readonly actor: Actor; readonly drive: DriveId };

/**
 * Which of these digests the drive possesses for this user: a retained revision of that drive references it, or this
 * user proved its bytes to this drive in an open upload. Nothing else counts, least of all that the tenant has the
 * chunk: a digest alone buys nothing (Mulazzani et al., Dark Clouds on the Horizon, 2011). Both sources are always
 * asked, at once, so that the time taken does not tell which one answered. Throws `not_found`, `permission_denied`.
 */
export async function findPossessed(
  services: { readonly database: Database; readonly metadata: Metadata },
  work: AtWork,
  verb: 'read' | 'write',
  digests: readonly Digest[],
): Promise<Set<Digest>> {
  const [retained, proven] = await Promise.all([
    askPossession(services.metadata, work, work.drive, verb, digests),
    findProofs(services.database, work.tenantId, work.drive, work.actor.userId, digests),
  ]);
  return new Set([...retained, ...proven]);
}
