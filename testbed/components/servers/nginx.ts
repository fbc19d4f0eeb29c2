import path from 'node:path';
import { startNginx, type TestComponents } from '@driftbox/testkit';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { debianEnvironment } from '../install/debian-program.ts';
import { nginxProgram } from '../programs.ts';

/** The installed NGINX, for whoever starts it with a configuration. */
export function nginxCommand(): TestComponents['nginx'] {
  const installed = installedFolder(nginxProgram);
  return { command: path.join(installed, 'nginx'), env: debianEnvironment(installed) };
}

/** Starts NGINX with an empty configuration: it answers on its own port alone, with its identity. */
export async function startBareNginx(folder: string): Promise<RunningComponent> {
  const server = await startNginx(nginxCommand(), folder, '');
  const { pid, port, logFile, stop } = server;
  return { addresses: { url: `http://127.0.0.1:${port}`, program: nginxCommand().command }, pids: [pid], logFiles: [logFile], stop };
}
