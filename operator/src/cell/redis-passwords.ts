import type { RedisTrust } from '@driftbox/redis';
import { backendAddresses, isKnown } from './backend-addresses.ts';
import type { CellInput } from './cell-input.ts';
import { otherKey } from './names.ts';
import { knowsTwoPasswords } from './rotation.ts';

/** Whether the Redis that comes along takes the passwords that the masters have and no others, does not yet, or could not be asked. */
export type RedisSeen = 'current' | 'due' | { readonly message: string };

/** Where the Redis that comes along with a cell is reached, as `redis://HOST:PORT` or `rediss://`, and who vouches for it. */
export type ReachRedis = (input: CellInput) => { readonly url: string; readonly trust?: RedisTrust | undefined };

/** By its name in the cluster. */
export const reachRedis: ReachRedis = (input) => {
  const { redis: address } = backendAddresses(input);
  if (!isKnown('redis', input)) return { url: `redis://${address}` };
  return { url: `rediss://${address}`, trust: { ca: [input.inner?.authority ?? ''] } };
};

/** Asks it, where it knows two passwords; undefined where there is none of these. */
export async function seeRedis(reach: ReachRedis, input: CellInput): Promise<RedisSeen | undefined> {
  if (input.spec.redis.external !== undefined || !knowsTwoPasswords(input.version.version)) return undefined;
  const { takesPasswords } = await client();
  return takesPasswords({ ...reach(input), passwords: passwordsOf(input) }).then(
    (takes) => (takes ? 'current' : 'due'),
    (error: unknown) => ({ message: error instanceof Error ? error.message : String(error) }),
  );
}

/** Has it take what the masters have. */
export async function tellRedis(reach: ReachRedis, input: CellInput): Promise<void> {
  const { takePasswords } = await client();
  await takePasswords({ ...reach(input), passwords: passwordsOf(input) });
}

/** Loaded by the first rotation. */
function client() {
  return import('@driftbox/redis');
}

function passwordsOf({ master }: CellInput): string[] {
  return ['redis-password', otherKey('redis-password')].flatMap((key) => master[key] ?? []);
}
