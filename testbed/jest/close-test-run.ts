import { closeTestRun } from '@driftbox/testkit';

/** Jest calls this once after all test files. */
export default closeTestRun;
