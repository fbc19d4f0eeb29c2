import type { KeyManager } from '@driftbox/chunk-store';
import { Problem } from '@driftbox/protocol';
import { keyManagerSays } from './key-problem.ts';

/**
 * Adds a generation of the key-encryption key, unless the newest is newer than the one that the caller has seen: asking again is
 * harmless. Answers the current one. What is wrapped stays readable; `rewrapKeys` brings it along.
 */
export async function rotateKeys(manager: KeyManager, from: number): Promise<{ current: number }> {
  const { current } = await manager.generations().catch(keyManagerSays);
  if (from > current) throw new Problem('invalid_argument', `The newest generation is ${current}`);
  return { current: current > from ? current : await manager.rotate().catch(keyManagerSays) };
}
