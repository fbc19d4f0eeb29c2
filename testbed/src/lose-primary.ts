import { randomBytes } from 'node:crypto';
import { migrations } from '@driftbox/metadata';
import { createDatabase, migrate } from '@driftbox/postgres';
import { waitFor } from '@driftbox/testkit';
import { startPostgres } from '../components/servers/postgres.ts';
import { missingFrom, startCommitLoad, type CommitLoad } from './commit-load.ts';
import { startMetadata } from './metadata-server.ts';

/** What clients went through while their primary was lost. */
export type PrimaryLoss = {
  /** Commits acknowledged in all, and which of them are gone. */
  readonly acknowledged: number;
  readonly missing: readonly unknown[];
  readonly falseAnswers: readonly string[];
  /** Calls that failed with all their repetitions, and answers `unavailable` that a repetition made good. */
  readonly failures: readonly string[];
  readonly refusals: number;
  /** From the kill until all clients had a commit acknowledged again. */
  readonly backAfterMs: number;
};

const owners = 6;
const commitsEach = 40;
const patience = { deadlineMs: 60_000 };

/**
 * Commits by several clients over HTTP to metadata on a primary with a synchronous standby; the primary is killed (kill -9) and
 * the standby promoted while they go on, and at the end every drive's journal is compared with what was acknowledged.
 * `defect` plants one that must show: the standby is not waited for, and receives nothing before the kill.
 */
export async function losePrimary(folder: string, defect?: 'asynchronous'): Promise<PrimaryLoss> {
  const postgres = await startPostgres(folder);
  const password = randomBytes(16).toString('hex');
  await migrate({ admin: postgres.primary.connection, schema: 'metadata', serviceRole: 'metadata', password, directory: migrations });
  const hosts = [postgres.standby, postgres.primary].map(({ tcpPort }) => `127.0.0.1:${tcpPort}`).join(',');
  const database = createDatabase({
    connectionString: `postgres://metadata:${password}@${hosts}/postgres?target_session_attrs=read-write`,
    applicationName: 'metadata',
    schema: 'metadata',
  });
  const metadata = await startMetadata(database);
  let loads: CommitLoad[] = [];
  try {
    loads = await Promise.all(Array.from({ length: owners }, async () => startCommitLoad(await metadata.newOwner())));
    await allGoOn(loads, 'before the loss');
    if (defect === 'asynchronous') {
      await postgres.cutOffStandby();
      await allGoOn(loads, 'without the standby');
    }
    const killedMs = performance.now();
    process.kill(postgres.primary.pid, 'SIGKILL');
    await postgres.primary.ended;
    await postgres.promote();
    await allGoOn(loads, 'after the loss', 1);
    const backAfterMs = performance.now() - killedMs;
    await allGoOn(loads, 'on the promoted server');
    await Promise.all(loads.map((load) => load.stop()));
    return { ...(await resultOf(loads)), refusals: metadata.refusals(), backAfterMs };
  } finally {
    await Promise.all(loads.map((load) => load.stop()));
    await metadata.close();
    await database.close();
    await postgres.stop();
  }
}

/** Every client has so many more commits acknowledged; one that failed for good is not waited for. */
async function allGoOn(loads: readonly CommitLoad[], what: string, more = commitsEach): Promise<void> {
  const before = loads.map(({ acknowledged }) => acknowledged.length);
  const goneOn = (): boolean =>
    loads.every(({ acknowledged, failures }, n) => failures.length > 0 || acknowledged.length >= (before[n] ?? 0) + more);
  await waitFor(goneOn, { ...patience, what: `${more} more commits of each client ${what}` });
}

async function resultOf(loads: readonly CommitLoad[]): Promise<Omit<PrimaryLoss, 'refusals' | 'backAfterMs'>> {
  const missing = await Promise.all(loads.map((load) => missingFrom(load)));
  return {
    acknowledged: loads.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    missing: missing.flat(),
    falseAnswers: loads.flatMap(({ falseAnswers }) => falseAnswers),
    failures: loads.flatMap(({ failures }) => failures),
  };
}
