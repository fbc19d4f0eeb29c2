import { createRequire } from 'node:module';
import type Sequencer from '@jest/test-sequencer';

/** Required, as its types describe it: an import has another shape. */
const { default: DurationsFirst } = createRequire(import.meta.url)('@jest/test-sequencer') as {
  readonly default: typeof Sequencer.default;
};
type Test = Parameters<InstanceType<typeof DurationsFirst>['sort']>[0][number];

/** Files that start real components or whole programs take longest, which neither their size nor, on a fresh clone, a record tells. */
const long = /\.(?:e2e|k6|k8s|kafka|nginx|pg|prometheus|sim)(?:\.[a-z0-9]+)*\.test\.ts$/;

/** The order in which workers take files: the long ones first, so that at the end none works on while the others have nothing left. */
export default class LongFilesFirst extends DurationsFirst {
  override sort(tests: Test[]): Test[] {
    const sorted = super.sort([...tests]) as readonly Test[];
    return [...sorted.filter(({ path }) => long.test(path)), ...sorted.filter(({ path }) => !long.test(path))];
  }
}
