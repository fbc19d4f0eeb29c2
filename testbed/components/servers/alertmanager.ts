import path from 'node:path';
import { startAlertmanager } from '../../src/start-alertmanager.ts';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { alertmanagerProgram } from '../programs.ts';

/** The installed Alertmanager. */
export function alertmanagerCommand(): string {
  return path.join(installedFolder(alertmanagerProgram), 'prometheus-alertmanager');
}

/** Starts Alertmanager with a receiver that tells nobody. */
export async function startBareAlertmanager(folder: string): Promise<RunningComponent> {
  const { url, pid, logFile, stop } = await startAlertmanager({ command: alertmanagerCommand(), folder });
  return { addresses: { url }, pids: [pid], logFiles: [logFile], stop };
}
