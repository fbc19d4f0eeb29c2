import { parentPort } from 'node:worker_threads';
import { doByteJob } from './byte-jobs.ts';
import type { ByteJob } from './byte-jobs.ts';

// One job after another; an error that it throws goes back as what became of the job.
parentPort?.on('message', ({ id, work }: { readonly id: number; readonly work: ByteJob }) => {
  try {
    parentPort?.postMessage({ id, done: doByteJob(work) });
  } catch (error) {
    parentPort?.postMessage({ id, failure: error });
  }
});
