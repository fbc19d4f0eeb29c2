import type { TenantId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import { ownId, signServiceToken } from '@driftbox/service-kit';
import { parseSessionId, type DriveId, type UserId } from '@driftbox/domain';
import type { Context } from '../context.ts';

/** May this person read the drive now? Metadata decides; throws what asking it throws. */
export async function mayRead(
  { metadata, serviceKey }: Pick<Context, 'metadata' | 'serviceKey'>,
  { tenantId, userId, drive, asking }: { tenantId: TenantId; userId: UserId; drive: DriveId; asking: string },
  signal?: AbortSignal,
): Promise<boolean> {
  // Nobody is signed in when an event is sent: what asks stands for the session.
  const act = { sub: userId, sid: ownId(parseSessionId, asking), role: 'member' as const, scope: 'read' as const };
  const token = () => signServiceToken(serviceKey, { caller: 'notification', tid: tenantId, act });
  try {
    await metadata.call(routes.checkAccess, { params: { drive }, body: { verb: 'read' }, token, signal });
    return true;
  } catch (error) {
    if (error instanceof Problem && (error.code === 'not_found' || error.code === 'permission_denied')) return false;
    throw error;
  }
}
