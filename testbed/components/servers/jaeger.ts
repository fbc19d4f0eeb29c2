import path from 'node:path';
import { startJaeger } from '../../src/start-jaeger.ts';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { jaegerProgram } from '../programs.ts';

/** The installed Jaeger. */
export function jaegerCommand(): string {
  return path.join(installedFolder(jaegerProgram), 'jaeger');
}

/** Starts Jaeger for whoever sends it traces. */
export async function startBareJaeger(folder: string): Promise<RunningComponent> {
  const { url, endpoint, pid, logFile, stop } = await startJaeger({ command: jaegerCommand(), folder });
  return { addresses: { url, endpoint }, pids: [pid], logFiles: [logFile], stop };
}
