import fc from 'fast-check';
import type { Plan } from '../plan.ts';
import type { ReconcileInput, NameRules } from '../reconcile-input.ts';
import { allHappens, carryOut } from './carry-out.ts';
import type { Luck } from './carry-out.ts';
import { edits, makeEdit } from './edits.ts';
import type { Edit } from './edits.ts';
import { exactNames, foldingNames } from './name-rules.ts';
import { World } from './world.ts';

/** The planner under test, or a broken one that a law has to catch. */
export type Planner = (input: ReconcileInput) => Plan;

/** A device that was in step, was apart for a while, and comes back. */
export type Reunion = {
  readonly names: NameRules;
  /** Until both sides were in step. */
  readonly base: readonly Edit[];
  /** While they were apart. */
  readonly apart: readonly Edit[];
  /** After a first pass that went wrong. */
  readonly later: readonly Edit[];
  readonly localFirst: boolean;
  /** Which steps of the first pass are lost: a pattern that repeats; empty for none. */
  readonly lost: readonly boolean[];
  /** Numbers that pick folders not wanted and entries that cannot be read from then on. */
  readonly unwanted: readonly number[];
  readonly unreadable: readonly number[];
};

const few = (max: number) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(fc.nat(30), { maxLength: max }) });

export const reunions: fc.Arbitrary<Reunion> = fc.record({
  names: fc.constantFrom(exactNames, exactNames, foldingNames),
  base: edits('remote', 16),
  apart: edits(undefined, 14),
  later: edits(undefined, 3),
  localFirst: fc.boolean(),
  lost: fc.oneof(fc.constant([]), fc.array(fc.boolean(), { maxLength: 9 })),
  unwanted: few(2),
  unreadable: few(2),
});

/** Passes that a reunion may take. */
export const maxPasses = 10;

export function isEmpty(plan: Plan): boolean {
  return plan.agreements.length + plan.read.length + plan.remote.length + plan.local.length === 0;
}

/** Plans and carries out until nothing is left to do; answers how many passes that took. Throws when it does not end. */
export function settle(world: World, planner: Planner, localFirst = false): number {
  for (let passes = 0; passes <= maxPasses; passes += 1) {
    const plan = planner(world.input());
    if (isEmpty(plan)) return passes;
    carryOut(world, plan, localFirst, allHappens);
  }
  throw new Error(`${maxPasses} passes have not settled it: ${JSON.stringify(planner(world.input()))}`);
}

/** The world at the moment of the reunion. */
export function partAndMeet(reunion: Reunion, planner: Planner): World {
  const world = new World(reunion.names);
  for (const edit of reunion.base) makeEdit(world, edit);
  settle(world, planner);
  for (const edit of reunion.apart) makeEdit(world, edit);
  const folders = [...world.synced.rows.values()].filter(({ body }) => body.kind === 'folder');
  for (const pick of reunion.unwanted) if (folders.length > 0) world.unselected.add(folders[pick % folders.length]!.entryId);
  const there = [...world.disk.tree.rows.keys()];
  for (const pick of reunion.unreadable) if (there.length > 0) world.disk.spoil(there[pick % there.length]!);
  return world;
}

/** Lets a reunion run to its end, a first pass that goes wrong included. */
export function meet(world: World, reunion: Reunion, planner: Planner): void {
  const { lost, localFirst } = reunion;
  if (lost.includes(true)) {
    const luck: Luck = (step) => lost[step % lost.length] !== true;
    carryOut(world, planner(world.input()), localFirst, luck);
    for (const edit of reunion.later) makeEdit(world, edit);
    world.hasLost = true;
  }
  settle(world, planner, localFirst);
}
