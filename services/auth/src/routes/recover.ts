import { unlessErased } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { endAllSessions } from '../store/end-all-sessions.ts';
import { insertRevocations } from '../store/insert-revocations.ts';
import { listTenants } from '../store/list-tenants.ts';

const tenantsOfCall = 20;

/** Answers `recoverAuth`: a session that is open here may have been ended since. */
export function bindRecover({ database, nowMs }: Context): RouteBinding {
  return handle(routes.recoverAuth, async ({ body }) => {
    const tenants = await listTenants(database, body.place, tenantsOfCall);
    let sessions = 0;
    for (const tenant of tenants) {
      const end = async (): Promise<void> => {
        const ended = await database.transaction(
          tenant,
          async (tx) => {
            const some = await endAllSessions(tx, nowMs());
            insertRevocations(tx, 'session', some, nowMs());
            return some;
          },
          { attempts: 3 },
        );
        sessions += ended.length;
      };
      await unlessErased(end);
    }
    const last = tenants.at(-1);
    return { tenants, sessions, ...(last === undefined || tenants.length < tenantsOfCall ? {} : { place: last }) };
  });
}
