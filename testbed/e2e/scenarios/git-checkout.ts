import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { element } from '@driftbox/transfer';
import { makeRepository } from '../make-repository.ts';
import type { Scenario } from '../scenario.ts';

const run = promisify(execFile);
const checkouts = 6;

/** A repository cloned inside the synced folder, and distant commits checked out back and forth. */
export const gitCheckout: Scenario = {
  name: 'git clone and checkouts',
  play: async ({ world, devices, random }) => {
    const source = path.join(world.folder, 'source-repository');
    const commits = await makeRepository(source, random);
    const git = async (folder: string, ...args: string[]) => (await run('git', ['-C', folder, '--no-optional-locks', ...args])).stdout;
    const clone = path.join(element(devices, 0).folder, 'repository');
    await run('git', ['clone', '--quiet', '--no-hardlinks', source, clone]);
    for (let turn = 0; turn < checkouts; turn += 1)
      await git(clone, 'checkout', '--quiet', '--detach', element(commits, turn % 2 === 0 ? turn : commits.length - 1 - turn));
    const head = await git(clone, 'rev-parse', 'HEAD');
    return {
      kept: new Map(),
      conflictCopies: 0,
      check: async () => {
        for (const device of devices) {
          const copy = path.join(device.folder, 'repository');
          await git(copy, 'fsck', '--full', '--strict');
          const state = `${await git(copy, 'rev-parse', 'HEAD')}${await git(copy, 'status', '--porcelain')}`;
          if (state !== head) throw new Error(`on ${device.name} the work tree is not what was checked out: ${state}`);
        }
      },
    };
  },
};
