export { allProcesses, commandOf, processTree, readProcess, ticksPerSecond, type ProcessState } from './process-state.ts';
export { hasEnded, isAlive, startOf, type ProcessStart } from './has-ended.ts';
