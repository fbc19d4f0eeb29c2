import { tagOf } from '../contents.ts';
import type { World } from '../world.ts';
import { must } from './must.ts';
import { seenBy } from './trees-are-equal.ts';

/**
 * In a home drive, and so on its owner's disks outside of drives that show up there, is nothing but what they saved or put there by
 * hand, or kept by moving what others deleted: of a drive that somebody may not read any longer their own unsent work alone stays, and
 * nothing of it leaves by itself.
 */
export function nobodyHasOthers(world: World): void {
  for (const [person, home] of world.cell.homes.entries()) {
    for (const { path, entry, server } of seenBy(world, person)) {
      if (server !== home || entry.body.kind !== 'file') continue;
      const tag = tagOf(entry.body.content.listId);
      must(
        world.isHeldBy(person, tag) || world.isKeptBy(person, tag),
        () => `person ${person} has ${path} with content ${tag}, which is others'`,
      );
    }
  }
}
