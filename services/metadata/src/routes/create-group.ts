import type { Transaction } from '@driftbox/postgres';
import { routes, type Group } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { createGroup } from '../groups.ts';
import type { Context } from './context.ts';
import { keyOf, once } from './once.ts';

/** Makes an empty group. Once per `Idempotency-Key`. */
export function bindCreateGroup({ database }: Context): RouteBinding {
  return handle(routes.createGroup, (request) => {
    const { tenantId, body, signal } = request;
    const work = (tx: Transaction): Promise<Group> => once(tx, request, 'createGroup', body, () => createGroup(tx, request, body.name));
    return database.transaction(tenantId, work, { signal, idempotent: keyOf(request) !== undefined });
  });
}
