import { StoreError } from '@driftbox/chunk-store';
import { Problem } from '@driftbox/protocol';

/**
 * Whatever is wrong with a key, the bytes under it are neither there nor damaged as far as anybody can tell: what the key
 * manager says must not pass for something that a pack says. People are not told more.
 */
export function keysUnavailable(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  throw new Problem('unavailable', "The tenant's keys are not available at the moment", { retryAfterSeconds: 5, cause: error });
}

/** The same for administrators, with what the key manager says. */
export function keyManagerSays(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  throw new Problem('unavailable', `The key manager: ${error.message}`, { retryAfterSeconds: 5, cause: error });
}
