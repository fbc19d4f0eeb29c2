export { nearest } from './nearest.ts';
export { parseCommandLine } from './parse-command-line.ts';
export { readChoice, readNumber, type Bounds } from './read-value.ts';
export { runMain, type Program } from './run-main.ts';
export { UsageError } from './usage-error.ts';
