import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { allDeleted } from './all-deleted.ts';
import { backedUp } from './backed-up.ts';
import { editedByHand } from './edited-by-hand.ts';
import { fromBundle } from './from-bundle.ts';
import { fromReadme } from './from-readme.ts';
import { fullProfile } from './full-profile/index.ts';
import { lifeTests } from './life-tests.ts';
import { lostNamespace } from './lost-namespace.ts';
import { lostNode } from './lost-node.ts';
import { operatorAway } from './operator-away.ts';

/** Of no life, but of how long it takes. */
export const benchmarks = benchmarkRows(9, [24, 25, 26, 27], ['stack', 'operator']);

/**
 * DriftBox on Kubernetes. Points 1, 3 to 8 and 10 need root, and share one cluster: the first makes it, the last of them ends it; point 11
 * has one of its own. The second and the benchmarks need an API server alone.
 */
export const platform: Capability = {
  name: 'platform',
  points: [
    fromReadme,
    ...lifeTests,
    operatorAway,
    editedByHand,
    lostNamespace,
    lostNode,
    backedUp,
    fullProfile,
    allDeleted,
    fromBundle,
    benchmarks,
  ],
};
