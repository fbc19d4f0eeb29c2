import assert from 'node:assert/strict';
import { routes } from '@driftbox/protocol';
import type { ApiUser } from './api-user.ts';

/** All that a user can see of their drive: its journal, the top of its tree, and the ledgers. */
export async function visibleState({ client, drive }: ApiUser): Promise<unknown> {
  const params = { drive: drive.drive };
  const { changes } = await client.call(routes.listChanges, { params });
  const { items } = await client.call(routes.listChildren, { params: { ...params, entry: drive.rootId } });
  const { items: trash } = await client.call(routes.listTrash, { params });
  return { changes, items, trash, usage: (await client.call(routes.getUsage)).user };
}

/** What refuses: an answer or a thrown problem, both with the code. */
type Refusal = { readonly code?: string | undefined };

/**
 * Calls `send`, which must be refused with `code`, or one of them, and asserts that the user's drive is then as it was.
 * Answers the refusal.
 */
export async function assertRefused(user: ApiUser, code: string | readonly string[], send: () => Promise<unknown>): Promise<Refusal> {
  const before = await visibleState(user);
  const refusal = (await send().catch((error: unknown) => error)) as Refusal;
  const codes = [code].flat();
  assert.ok(codes.includes(refusal.code ?? ''), `expected ${codes.join(' or ')}, got ${describe(refusal)}`);
  assert.deepEqual(await visibleState(user), before, 'a refused request left something behind');
  return refusal;
}

function describe(refusal: unknown): string {
  return refusal instanceof Error ? String(refusal) : JSON.stringify(refusal)?.slice(0, 500);
}
