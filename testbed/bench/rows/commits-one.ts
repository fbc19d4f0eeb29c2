import path from 'node:path';
import { routes } from '@driftbox/protocol';
import { newFile, putFiles, signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { chunkBytes } from '@driftbox/chunking';
import { findPgbench, startPgbench } from '../baseline/pgbench.ts';
import { interleave } from '../interleave.ts';
import type { Row } from '../row.ts';

const clients = 8;
const secondsPerRound = 5;
const rounds = 5;

async function commitFor(user: ApiUser, prefix: string, chunk: { digest: string; sizeBytes: number }, untilMs: number): Promise<number> {
  let commits = 0;
  for (; performance.now() < untilMs; commits += 1) {
    const body = { driveEpoch: user.drive.driveEpoch, operations: [newFile(user.drive, `${prefix}-${commits}`, chunk)] };
    const { outcomes } = await user.client.call(routes.postCommit, { params: { drive: user.drive.drive }, body });
    if (outcomes[0]!.outcome !== 'committed') throw new Error(`not committed: ${JSON.stringify(outcomes[0])}`);
  }
  return commits;
}

/** Row 13. */
export const commitsOne: Row = {
  row: 13,
  name: 'single-file commits, 8 clients each on its own drive, chunks already stored, over HTTP',
  unit: '1/s',
  judged: 'ratio',
  better: 'higher',
  must: 0.2,
  aim: 0.4,
  measure: async (world) => {
    const program = await findPgbench();
    if (program === undefined) return { skipped: 'pgbench is not installed (Debian: postgresql-contrib)' };
    const pgbench = await startPgbench(program, path.join(world.folder, 'pgbench'), clients);
    try {
      const users = await Promise.all(Array.from({ length: clients }, (_, index) => signUpByApi(world.address, `commits-${index}`)));
      const bytes = Buffer.from('known to every drive');
      const [chunk] = chunkBytes(bytes);
      const known = { digest: chunk!.digest, sizeBytes: bytes.length };
      for (const user of users) await putFiles(user, [{ name: 'known', bytes }]);
      return await interleave(
        rounds,
        async (round) => {
          const startMs = performance.now();
          const counts = await Promise.all(users.map((user) => commitFor(user, `round-${round}`, known, startMs + secondsPerRound * 1000)));
          return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - startMs) / 1000);
        },
        () => pgbench.run('commit-one', secondsPerRound),
      );
    } finally {
      await pgbench.close();
    }
  },
};
