import type { Capability } from '../point.ts';
import { allDeleted } from './all-deleted.ts';
import { backedUp } from './backed-up.ts';
import { editedByHand } from './edited-by-hand.ts';
import { fromReadme } from './from-readme.ts';
import { lifeTests } from './life-tests.ts';
import { lostNamespace } from './lost-namespace.ts';
import { lostNode } from './lost-node.ts';
import { operatorAway } from './operator-away.ts';

/** DriftBox on Kubernetes. All points but the second need root, and share one cluster: the first makes it, the last ends it. */
export const platform: Capability = {
  name: 'platform',
  points: [fromReadme, ...lifeTests, operatorAway, editedByHand, lostNamespace, lostNode, backedUp, allDeleted],
};
