import { startWorld, type World } from '../src/world.ts';
import type { Shown } from './point.ts';

/** Shows something in a world of its own, which is closed afterwards. */
export async function inWorld(show: (world: World) => Promise<Shown>): Promise<Shown> {
  const world = await startWorld();
  try {
    return await show(world);
  } finally {
    await world.close();
  }
}
