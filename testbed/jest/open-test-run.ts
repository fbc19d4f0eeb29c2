import { openTestRun } from '@driftbox/testkit';

/** Jest calls this once before all test files. Nothing is started here: the first test that needs a server starts it. */
export default openTestRun;
