import type { TreeListing } from '../src/tree-listing.ts';
import type { Stage } from './stage.ts';

/** What people do with their files, for real, and what must be true once everything is quiet. */
export type Scenario = {
  readonly name: string;
  /** Plays it. Answers the contents (hex SHA-256) that must be in the tree at the end, each with what it is. */
  readonly play: (stage: Stage) => Promise<Ending>;
};

/** What must hold at the end, besides equal trees. */
export type Ending = {
  /** Contents that somebody saved and nobody replaced knowingly: SHA-256 in hex, by what they are. */
  readonly kept: ReadonlyMap<string, string>;
  /** How many conflict copies the decision table predicts. */
  readonly conflictCopies: number;
  /** Further checks on the quiet trees; throws what is wrong. */
  readonly check?: ((tree: TreeListing) => Promise<void>) | undefined;
};

/** What goes on beside a scenario, until it has run its course. */
export type Meanwhile = (stage: Pick<Stage, 'strike' | 'devices' | 'random'>) => Promise<void>;

/**
 * Plays a scenario, waits for quiet, and answers what is wrong; nothing when all is well. Nothing is struck meanwhile while the
 * scenario itself waits for quiet, to begin from there.
 */
export async function playScenario(stage: Stage, scenario: Scenario, meanwhile: Meanwhile = () => Promise.resolve()): Promise<string[]> {
  const before = conflictCopies(await stage.quiet());
  let isCalm = false;
  const quiet = async (): Promise<TreeListing> => {
    isCalm = true;
    try {
      return await stage.quiet();
    } finally {
      isCalm = false;
    }
  };
  const strike = async (victim: number): Promise<boolean> => !isCalm && stage.strike(victim);
  const [ending] = await Promise.all([scenario.play({ ...stage, quiet }), meanwhile({ ...stage, strike })]);
  const tree = await stage.quiet();
  const digests = new Set([...tree.values()].map((told) => told.split(' ')[0]));
  const wrong: string[] = [];
  for (const [digest, what] of ending.kept) if (!digests.has(digest)) wrong.push(`lost: ${what}`);
  const copies = [...conflictCopies(tree)].filter((name) => !before.has(name));
  if (copies.length !== ending.conflictCopies)
    wrong.push(`${copies.length} conflict copies instead of ${ending.conflictCopies}: ${copies.slice(0, 5).join(', ')}`);
  wrong.push(...(await stage.compare()));
  await ending.check?.(tree).catch((error: unknown) => wrong.push(error instanceof Error ? error.message : String(error)));
  return wrong.map((line) => `${scenario.name}: ${line}`);
}

function conflictCopies(tree: TreeListing): Set<string> {
  return new Set([...tree.keys()].filter((name) => name.includes('(conflicted copy of ')));
}
