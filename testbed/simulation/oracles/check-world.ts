import type { World } from '../world.ts';
import { contentsAreKept } from './contents-are-kept.ts';
import { disksAreTidy } from './disks-are-tidy.ts';
import { journalIsWhole } from './journal-is-whole.ts';
import { nobodyHasOthers } from './nobody-has-others.ts';
import { nobodyWroteBlindly } from './nobody-wrote-blindly.ts';
import { soloWorkIsUntouched } from './solo-work.ts';
import { treesAreEqual } from './trees-are-equal.ts';
import { nothingIsLeftToDo } from './nothing-is-left.ts';

/** Everything that holds once all is quiet. Throws `Broken` with the first thing that does not. */
export function checkWorld(world: World): void {
  contentsAreKept(world);
  treesAreEqual(world);
  disksAreTidy(world);
  nothingIsLeftToDo(world);
  journalIsWhole(world);
  nobodyWroteBlindly(world);
  soloWorkIsUntouched(world);
  nobodyHasOthers(world);
}
