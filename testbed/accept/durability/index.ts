import { numberOfPart, type Capability } from '../point.ts';
import { benchmarkRows } from '../benchmark-rows.ts';
import { inWorld } from '../in-world.ts';
import { runTests } from '../run-tests.ts';
import { showBackup } from './backup.ts';
import { chaosRuns } from './chaos.ts';
import { killedServers } from './killed-server.ts';
import { showRansomware } from './ransomware.ts';
import { showUpkeepCost } from './upkeep-cost.ts';

/** Where auth, share and notification fail in their own routes of a restore; metadata and upload do with a purge. */
const restoredServices = ['services/auth/src/admin', 'services/share/src/erase-tenant', 'services/notification/src/inbox'];

const deaths: readonly (readonly [string, readonly string[]])[] = [
  ['an upload or commit', ['testbed/integration/upload-deaths']],
  ['a collection, purge or rotation of keys', ['testbed/integration/purge-deaths']],
  ['a backup or restore', ['testbed/integration/backup-deaths']],
  ['a migration', ['packages/postgres/src/migrate-deaths']],
  ['the writing of what is restored', ['packages/postgres/src/restore-deaths', ...restoredServices]],
];

/** Durability: promises about bytes that survive anything. */
export const durability: Capability = {
  name: 'durability',
  points: [
    ...chaosRuns,
    ...killedServers,
    {
      number: 3.01,
      promise: 'collection and scrub at work cost foreground p99 at most 1.3x',
      show: showUpkeepCost,
    },
    benchmarkRows(3.02, [23]),
    {
      number: 4,
      promise: '100,000 files, backed up while in use with a kill in between, are restored under another name as of the stated point',
      show: (tell) => showBackup(100_000, tell),
    },
    {
      number: 5,
      promise: 'a device that encrypts everything is held by the brake, and one command brings back all but what others did since',
      show: (tell) => inWorld((world) => showRansomware(world, tell)),
    },
    ...deaths.map(([what, files], index) => ({
      number: numberOfPart(6, index + 1),
      promise: `whatever fails or dies at any step of ${what} loses nothing, and others come to the same end`,
      show: () => runTests(files, { DRIFTBOX_EVERY_STEP: '1' }),
    })),
  ],
};
