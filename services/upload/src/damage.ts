import { StoreError } from '@driftbox/chunk-store';
import { Problem } from '@driftbox/protocol';

/** What is wrong with stored bytes that cannot be read, now or later. */
export type DamageKind = 'missing' | 'corrupt';

/** Which damage an error tells of; `undefined` for any other failure. */
export function damageOf(error: unknown): DamageKind | undefined {
  if (!(error instanceof StoreError)) return undefined;
  if (error.kind === 'corrupt') return 'corrupt';
  return error.kind === 'not_found' ? 'missing' : undefined;
}

/** Throws the error as a reader of content hears it: damage is named, so that nobody waits for what does not come back by itself. */
export function tellDamage(error: unknown): never {
  if (damageOf(error) === undefined) throw error;
  throw new Problem('content_damaged', 'Some of the stored bytes of this content cannot be read', { cause: error });
}
