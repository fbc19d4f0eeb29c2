import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { unsubscribe } from '../mail/unsubscribe.ts';

/** Ends mails with one click of a mail program. */
export function bindUnsubscribe(context: Context): RouteBinding {
  return handle(routes.unsubscribe, async ({ params }) => {
    // What its form says is always the same: the address alone decides.
    await unsubscribe(context, params.unsubscribeToken);
    return undefined;
  });
}
