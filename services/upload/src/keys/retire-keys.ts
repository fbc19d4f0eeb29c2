import type { KeyManager } from '@driftbox/chunk-store';
import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { keyManagerSays } from './key-problem.ts';
import { walkDataKeys } from './walk-data-keys.ts';

/** Destroys a generation of the key-encryption key and all older ones, once no data key is wrapped under them any more. */
export async function retireKeys(
  { database, keyManager }: { readonly database: Database; readonly keyManager: KeyManager },
  generation: number,
): Promise<{ usable: number[] }> {
  const { current, usable } = await keyManager.generations().catch(keyManagerSays);
  if (generation >= current) throw new Problem('invalid_argument', `Generation ${current} is in use: rotate first`);
  if (!usable.includes(generation)) throw new Problem('invalid_argument', `There is no generation ${generation}`);
  for await (const { keys } of walkDataKeys(database, undefined)) {
    const held = keys.find(({ wrapped }) => wrapped.keyGeneration <= generation);
    if (held === undefined) continue;
    const { keyGeneration } = held.wrapped;
    throw new Problem('invalid_argument', `Data keys are wrapped under generation ${keyGeneration}: re-wrap them first`);
  }
  await keyManager.retire(generation).catch(keyManagerSays);
  return { usable: [...(await keyManager.generations().catch(keyManagerSays)).usable] };
}
