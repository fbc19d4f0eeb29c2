import type { World } from '../world.ts';
import { must } from './must.ts';

/**
 * Every content that a person saved, and did not give up before anybody else could have it, is in a current tree, in history,
 * in the trash or in a conflict copy; and there is nothing that nobody saved.
 */
export function contentsAreKept(world: World): void {
  const onDisks = world.onDisks();
  for (const tag of onDisks) must(world.ground.contents.wasSaved(tag), () => `there is a file with content ${tag} that nobody saved`);
  for (const tag of world.ground.contents.kept) {
    must(world.isServed(tag) || onDisks.has(tag), () => `content ${tag} is lost`);
  }
}
