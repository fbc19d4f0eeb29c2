import { createHash } from 'node:crypto';
import type { UserId } from '@driftbox/domain';
import { withIdempotency, type Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';

type Asked = {
  readonly actor: { readonly userId: UserId };
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/** The `Idempotency-Key` of a request. */
export function keyOf({ headers }: Pick<Asked, 'headers'>): string | undefined {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : undefined;
}

/** Does it once for each `Idempotency-Key`, where there is one; `asked` is what makes another request of it. */
export async function once<T>(tx: Transaction, request: Asked, route: string, asked: unknown, make: () => Promise<T>): Promise<T> {
  const key = keyOf(request);
  if (key === undefined) return make();
  const bodyHash = createHash('sha256').update(JSON.stringify(asked)).digest();
  const done = await withIdempotency(tx, { actor: request.actor.userId, route, key, bodyHash }, make);
  if (done.outcome === 'mismatch') throw new Problem('idempotency_mismatch');
  return done.answer;
}
