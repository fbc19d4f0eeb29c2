import path from 'node:path';
import type { TestComponents } from '@driftbox/testkit';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { helmProgram } from '../programs.ts';

/** The installed Helm. */
export function helmCommand(): TestComponents['helm'] {
  return { command: path.join(installedFolder(helmProgram), 'helm') };
}

/** Helm is no server: this says where it is. */
export function showHelm(): Promise<RunningComponent> {
  return Promise.resolve({ addresses: { program: helmCommand().command }, pids: [], logFiles: [], stop: () => Promise.resolve() });
}
