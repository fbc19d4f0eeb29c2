#!/usr/bin/env -S node --no-warnings
import { enableCompileCache } from 'node:module';
import { exitCodes } from './exit-codes.ts';

// Everything else is loaded after this, so that the second start of any command costs a third of the first.
enableCompileCache();
const { runProgram } = await import('./run-program.ts');

const abort = new AbortController();
const interrupt = (): void => {
  // The second time somebody really means it.
  if (abort.signal.aborted) process.exit(exitCodes.interrupted);
  abort.abort();
};
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
// A reader that has seen enough, such as head, is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failed));

process.exitCode = await runProgram(process.argv.slice(2), { env: process.env, signal: abort.signal });
