import path from 'node:path';
import { chunkBytes } from '@driftbox/chunking';
import { routes } from '@driftbox/protocol';
import { newFile, putFiles, signUpByApi } from '../../src/api-user.ts';
import { findPgbench, startPgbench } from '../baseline/pgbench.ts';
import { interleave } from '../interleave.ts';
import type { Row } from '../row.ts';

const filesPerCommit = 1000;
const secondsPerRound = 5;
const rounds = 5;

/** Row 14: one client, so that database and service are compared at the same concurrency. */
export const commitsBatch: Row = {
  row: 14,
  name: 'batched commits of 1,000 files, one client, over HTTP',
  unit: 'files/s',
  judged: 'ratio',
  better: 'higher',
  must: 0.15,
  aim: 0.4,
  measure: async (world) => {
    const program = await findPgbench();
    if (program === undefined) return { skipped: 'pgbench is not installed (Debian: postgresql-contrib)' };
    const pgbench = await startPgbench(program, path.join(world.folder, 'pgbench'), 1);
    try {
      const user = await signUpByApi(world.address, 'batches');
      const bytes = Buffer.from('known to this drive');
      const [chunk] = chunkBytes(bytes);
      await putFiles(user, [{ name: 'known', bytes }]);
      return await interleave(
        rounds,
        async (round) => {
          const startMs = performance.now();
          let commits = 0;
          for (; performance.now() - startMs < secondsPerRound * 1000; commits += 1) {
            const operations = Array.from({ length: filesPerCommit }, (_, index) =>
              newFile(user.drive, `${round}-${commits}-${index}`, { digest: chunk!.digest, sizeBytes: bytes.length }),
            );
            const answer = await user.client.call(routes.postCommit, {
              params: { drive: user.drive.drive },
              body: { driveEpoch: user.drive.driveEpoch, operations },
            });
            if (answer.outcomes.some(({ outcome }) => outcome !== 'committed')) throw new Error('not everything was committed');
          }
          return (commits * filesPerCommit) / ((performance.now() - startMs) / 1000);
        },
        async () => filesPerCommit * (await pgbench.run('commit-batch', secondsPerRound)),
      );
    } finally {
      await pgbench.close();
    }
  },
};
