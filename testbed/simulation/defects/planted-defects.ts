import type { Defect } from '../world.ts';
import {
  believingHints,
  believingSilence,
  disowningLateArrivals,
  forgettingIdentities,
  forgettingPending,
  givingUpTogether,
  ignoringBaseRev,
  keepingCursorFirst,
  neverFlushing,
  placingBlindly,
  planning,
  receivingInTheTree,
  swappingInSteps,
  takingAnyFolder,
  tellingCases,
  trustingEverything,
} from './broken-parts.ts';
import { clearingAll, forgettingNothing, keepingIn, leavingAll, throwingAway } from './broken-sharing.ts';

/** A mistake, within how many seeds (from 1) it is found, and by what. */
export type PlantedDefect = {
  readonly name: string;
  readonly seeds: number;
  readonly found: RegExp;
  readonly defect: Defect;
  /** Where people share drives. */
  readonly sharing?: boolean;
};

/**
 * Mistakes that sync has been made with. Each is planted by wrapping one part; a simulation that missed them would prove
 * nothing about the ones it does not report.
 */
export const plantedDefects: readonly PlantedDefect[] = [
  {
    name: 'no conflict copy',
    seeds: 100,
    found: /is lost/,
    defect: { reconcile: planning((local) => local.filter(({ op }) => op !== 'setAside')) },
  },
  { name: 'baseRev ignored', seeds: 250, found: /had not seen/, defect: { rule: ignoringBaseRev } },
  { name: 'pending operations forgotten, not settled first', seeds: 400, found: /one person worked/, defect: { store: forgettingPending } },
  { name: 'a hint taken for the truth', seeds: 50, found: /trees differ|no quiet/, defect: { hinted: believingHints } },
  { name: 'silence taken for no news', seeds: 50, found: /trees differ|no quiet/, defect: { news: believingSilence } },
  { name: 'the cursor kept before its page', seeds: 150, found: /trees differ/, defect: { server: keepingCursorFirst } },
  { name: 'a rename known by its path only', seeds: 50, found: /in the trash/, defect: { store: forgettingIdentities } },
  {
    name: 'a delete beats an edit',
    seeds: 200,
    found: /is lost/,
    defect: { reconcile: planning((local) => local.map((op) => (op.op === 'renew' ? { op: 'remove', entryId: op.entryId } : op))) },
  },
  { name: 'a temporary file left in the tree', seeds: 200, found: /nobody saved|only watched/, defect: { disk: receivingInTheTree } },
  { name: 'placed without looking what is there', seeds: 700, found: /is lost/, defect: { disk: placingBlindly } },
  { name: 'names swapped in steps that others can see', seeds: 100, found: /anybody can see/, defect: { reconcile: swappingInSteps } },
  { name: 'fresh files trusted', seeds: 1_000, found: /is lost|trees differ/, defect: { store: trustingEverything } },
  {
    name: 'an empty mount point taken for the folder',
    seeds: 1_000,
    found: /in the trash/,
    defect: { disk: takingAnyFolder, objectionToEmpty: () => undefined },
  },
  { name: 'an emptied folder believed at once', seeds: 600, found: /emptied|only watched/, defect: { objectionToEmpty: () => undefined } },
  { name: 'a full disk ends the pass for all', seeds: 300, found: /disk is full.*no room/s, defect: { server: givingUpTogether } },
  { name: 'names told apart that the disk cannot', seeds: 100, found: /does not tell cases|no quiet/, defect: { reconcile: tellingCases } },
  {
    name: 'an own edit that comes late taken for another',
    seeds: 1_000,
    found: /one person worked/,
    defect: { store: disowningLateArrivals },
  },
  { name: 'agreed on before it is flushed', seeds: 1_000, found: /only watched/, defect: { disk: neverFlushing } },
  { name: 'what a reader changed thrown away', sharing: true, seeds: 200, found: /is lost/, defect: { refuge: throwingAway } },
  { name: 'what a reader changed never let go', sharing: true, seeds: 100, found: /no quiet/, defect: { refuge: keepingIn } },
  { name: 'a drive that was taken away left on disk', sharing: true, seeds: 50, found: /others'|no quiet/, defect: { mounts: leavingAll } },
  {
    name: 'a folder deleted with all that is unsent when its drive goes',
    sharing: true,
    seeds: 500,
    found: /is lost/,
    defect: { mounts: clearingAll },
  },
  {
    name: 'an earlier folder of a mount remembered',
    sharing: true,
    seeds: 200,
    found: /which is not mounted|trees differ|no quiet/,
    defect: { mounts: forgettingNothing },
  },
  { name: 'no role asked for', sharing: true, seeds: 50, found: /without the right/, defect: { asksNoRole: true } },
];
