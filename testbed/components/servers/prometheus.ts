import path from 'node:path';
import type { TestComponents } from '@driftbox/testkit';
import { startPrometheus } from '../../src/start-prometheus.ts';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { prometheusProgram } from '../programs.ts';

/** The installed Prometheus and promtool. */
export function prometheusCommand(): TestComponents['prometheus'] {
  const installed = installedFolder(prometheusProgram);
  return { command: path.join(installed, 'prometheus'), promtool: path.join(installed, 'promtool') };
}

/** Starts Prometheus with nothing to watch. */
export async function startBarePrometheus(folder: string): Promise<RunningComponent> {
  const { command, promtool } = prometheusCommand();
  const { url, pid, logFile, stop } = await startPrometheus({ command, folder, targets: [], everySeconds: 15 });
  return { addresses: { url, promtool }, pids: [pid], logFiles: [logFile], stop };
}
