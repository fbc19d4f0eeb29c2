import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { element } from '@driftbox/transfer';
import type { Scenario } from '../scenario.ts';

const run = promisify(execFile);
const timeout = 180_000;

/** A real dependency tree installed inside the synced folder: thousands of small files, links, renames by the installer. */
export const npmInstall: Scenario = {
  name: 'npm install',
  play: async ({ devices }) => {
    const app = path.join(element(devices, 0).folder, 'app');
    await mkdir(app, { recursive: true });
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];
    await run('npm', ['install', ...flags, '--prefix', app, 'koa@3.3.0', 'jest@30.5.2'], { cwd: app, maxBuffer: 2 ** 24, timeout });
    return {
      kept: new Map(),
      conflictCopies: 0,
      check: async () => {
        for (const device of devices) {
          const elsewhere = path.join(device.folder, 'app');
          await run(process.execPath, ['-e', "require('koa'); require('jest')"], { cwd: elsewhere });
          await run(path.join(elsewhere, 'node_modules/.bin/jest'), ['--version'], { cwd: elsewhere });
        }
      },
    };
  },
};
