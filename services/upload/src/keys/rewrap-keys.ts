import { strict as assert } from 'node:assert';
import { fingerprintOf, mostRewraps, StoreError, type KeyManager, type WrappedKey } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { TenantErased, type Database } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';
import { replaceDataKey } from '../store/replace-data-key.ts';
import { openKept } from './kept-data-key.ts';
import { keyManagerSays } from './key-problem.ts';
import { walkDataKeys, type KeptDataKey } from './walk-data-keys.ts';

type Keys = { readonly database: Database; readonly keyManager: KeyManager };
type Rewrapped = AnswerOf<Routes['rewrapKeysInUpload']>;

/** Where to begin, and for how long to work. */
export type Rewrapping = {
  readonly place?: TenantId | undefined;
  readonly dryRun: boolean;
  /** No step begins later than this after the call. */
  readonly budgetMs: number;
};

/**
 * Wraps data keys again that are not under the current generation; those that are, are left alone, so that it can be ended
 * anywhere and begun again. A row is replaced once what is to stand in it has been opened and holds the same key. No pack is touched.
 */
export async function rewrapKeys({ database, keyManager }: Keys, { place, dryRun, budgetMs }: Rewrapping): Promise<Rewrapped> {
  const giveUpAtMs = performance.now() + budgetMs;
  const { current } = await keyManager.generations().catch(keyManagerSays);
  const under = new Map<number, number>();
  const unopened: Rewrapped['unopened'] = [];
  const answer = { current, tenants: 0, dataKeys: 0, rewrapped: 0, unopened };
  const done = () => ({ ...answer, wrappedUnder: [...under].map(([keyGeneration, dataKeys]) => ({ keyGeneration, dataKeys })) });
  for await (const step of walkDataKeys(database, place)) {
    answer.tenants += step.tenants;
    answer.dataKeys += step.keys.length;
    for (const { wrapped } of step.keys) under.set(wrapped.keyGeneration, (under.get(wrapped.keyGeneration) ?? 0) + 1);
    const old = dryRun ? [] : step.keys.filter(({ wrapped }) => wrapped.keyGeneration !== current);
    for (let at = 0; at < old.length; at += mostRewraps) {
      const { rewrapped, failed } = await rewrapSome({ database, keyManager }, old.slice(at, at + mostRewraps)).catch(keyManagerSays);
      answer.rewrapped += rewrapped;
      unopened.push(...failed.map(({ of, wrapped }) => ({ ...of, keyGeneration: wrapped.keyGeneration })));
    }
    if (performance.now() > giveUpAtMs) return { ...done(), place: step.place };
  }
  return done();
}

async function rewrapSome({ database, keyManager }: Keys, some: readonly KeptDataKey[]) {
  const failed: KeptDataKey[] = [];
  let rewrapped = 0;
  for (const [index, answer] of (await keyManager.rewrap(some)).entries()) {
    const old = some[index];
    assert(old !== undefined, 'an answer for each');
    if (answer instanceof StoreError) failed.push(old);
    else if (await replaceOne({ database, keyManager }, old, answer)) rewrapped += 1;
  }
  return { rewrapped, failed };
}

/** `false`: somebody else was first, or the tenant is gone. */
async function replaceOne({ database, keyManager }: Keys, { of, wrapped }: KeptDataKey, fresh: WrappedKey): Promise<boolean> {
  const fingerprint = fingerprintOf(await openKept(keyManager, of, wrapped));
  const rewrapped = { ...fresh, generation: of.generation, fingerprint };
  await openKept(keyManager, of, rewrapped);
  return replaceDataKey(database, of, wrapped, rewrapped).catch((error: unknown) => {
    if (error instanceof TenantErased) return false;
    throw error;
  });
}
