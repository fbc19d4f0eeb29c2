import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { rotateKeys } from '../keys/rotate-keys.ts';

/** Adds a generation of the key-encryption key. */
export function rotateKeysRoute({ keyManager }: Context): RouteBinding {
  return handle(routes.rotateKeysInUpload, ({ body }) => rotateKeys(keyManager, body.from));
}
