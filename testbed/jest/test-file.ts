/** Names the test file that runs now in this process: its modules stay loaded for the next. */
export const testFileVariable = 'DRIFTBOX_TEST_FILE';
