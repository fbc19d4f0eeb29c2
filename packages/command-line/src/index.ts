export { nearest } from './nearest.ts';
export { parseCommandLine } from './parse-command-line.ts';
export { readChoice, readNumber } from './read-value.ts';
export { runMain, type Program } from './run-main.ts';
export { UsageError } from './usage-error.ts';
