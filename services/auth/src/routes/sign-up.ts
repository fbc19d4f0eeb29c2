import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { signUp } from '../sign-up.ts';

/** Answers `signUp`. */
export function bindSignUp(context: Context): RouteBinding {
  return handle(routes.signUp, ({ tenantId, address, body }) => signUp(context, { tenantId, address, ...body }));
}
