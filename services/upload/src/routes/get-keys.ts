import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { keyManagerSays } from '../keys/key-problem.ts';

/** Shows the generations of the key-encryption key. */
export function getKeysRoute({ keyManager }: Context): RouteBinding {
  return handle(routes.getKeysInUpload, async () => {
    const { current, usable } = await keyManager.generations().catch(keyManagerSays);
    return { place: keyManager.place, current, usable: [...usable] };
  });
}
