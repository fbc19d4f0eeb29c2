import type { StartedComponents } from '../components/start-for-tests.ts';

type TestRunState = { components?: StartedComponents };

const key = Symbol.for('driftbox.test-run');
const holder = globalThis as { [key]?: TestRunState };

/** What the beginning of a test run leaves for its end. Jest loads the two apart from each other: only the global object is common. */
export const testRunState: TestRunState = (holder[key] ??= {});
