import path from 'node:path';
import { existsSync } from 'node:fs';
import { startAlertmanager } from '../../src/start-alertmanager.ts';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { alertmanagerProgram } from '../programs.ts';

/** What is run, and what stands before the arguments. */
export type AlertmanagerCommand = { readonly command: string; readonly before: readonly string[] };

const home = '/usr/share/prometheus/alertmanager';

/**
 * The installed Alertmanager. Debian's insists on its templates in /usr/share, where nothing was installed: it is given a
 * /usr/share of its own, in a mount namespace that nobody else sees and that ends with it. The process stays the same one.
 */
export function alertmanagerCommand(): AlertmanagerCommand {
  const installed = installedFolder(alertmanagerProgram);
  const program = path.join(installed, 'prometheus-alertmanager');
  const templates = path.join(installed, 'root', home);
  if (existsSync(path.join(home, 'default.tmpl')) || !existsSync(templates)) return { command: program, before: [] };
  const enter = 'mount -t tmpfs none /usr/share && mkdir -p "$(dirname "$0")" && ln -s "$1" "$0" && shift && exec "$@"';
  return { command: 'unshare', before: ['--map-root-user', '--mount', 'sh', '-c', enter, home, templates, program] };
}

/** Starts Alertmanager with nobody to tell. */
export async function startBareAlertmanager(folder: string): Promise<RunningComponent> {
  const { url, pid, logFile, stop } = await startAlertmanager({ ...alertmanagerCommand(), folder });
  return { addresses: { url }, pids: [pid], logFiles: [logFile], stop };
}
