import path from 'node:path';
import type { TestComponents } from '@driftbox/testkit';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { k6Program } from '../programs.ts';

/** The installed k6. */
export function k6Command(): TestComponents['k6'] {
  return { command: path.join(installedFolder(k6Program), 'k6') };
}

/** k6 is no server: this says where it is. */
export function showK6(): Promise<RunningComponent> {
  return Promise.resolve({ addresses: { program: k6Command().command }, pids: [], logFiles: [], stop: () => Promise.resolve() });
}
