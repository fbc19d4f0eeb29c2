import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { readRevocations } from '../read-revocations.ts';

/** Answers `listRevocations`. */
export function bindListRevocations(context: Context): RouteBinding {
  return handle(routes.listRevocations, ({ query }) => readRevocations(context.database, query.after, context.nowMs()));
}
