export { digestBytes, openBytes, sealBytes, waitingJobs } from './byte-threads.ts';
export { freeOwn } from './free-own.ts';
export { freeParsed } from './free-parsed.ts';
export type { Seal } from './byte-jobs.ts';
export { giveShared, isShared, takeShared } from './shared-memory.ts';
