import { strict as assert } from 'node:assert';
import { StoreError } from '../store-error.ts';
import { mostRewraps, type KeyName, type WrappedKey } from './key-manager.ts';

type Wrapping = { readonly of: KeyName; readonly wrapped: WrappedKey };

/** Re-wraps one after the other; a wrapping that is wrong in itself becomes its own answer, anything else ends all. */
export async function rewrapEach(
  some: readonly Wrapping[],
  one: (wrapping: Wrapping, index: number) => Promise<WrappedKey>,
): Promise<(WrappedKey | StoreError)[]> {
  assert(some.length <= mostRewraps, `at most ${mostRewraps} are re-wrapped at once`);
  const answers: (WrappedKey | StoreError)[] = [];
  for (const [index, wrapping] of some.entries()) {
    try {
      answers.push(await one(wrapping, index));
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind === 'unavailable') throw error;
      answers.push(error);
    }
  }
  return answers;
}
