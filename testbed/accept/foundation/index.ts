import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { fewBytes } from './few-bytes.ts';
import { freshClone } from './fresh-clone.ts';
import { killedInMidPut } from './killed-in-mid-put.ts';
import { nothingInPlain } from './nothing-in-plain.ts';
import { realTree } from './real-tree.ts';
import { revisionsAndUrls } from './revisions-and-urls.ts';

const rows = benchmarkRows(6, [1, 2, 3, 12, 13, 14, 15, 16, 21, 29]);

/** Foundation: the whole path in one process. */
export const foundation: Capability = {
  name: 'foundation',
  points: [realTree, fewBytes, killedInMidPut, revisionsAndUrls, nothingInPlain, rows, freshClone],
};
