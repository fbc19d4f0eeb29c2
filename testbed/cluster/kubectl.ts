import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { installedFolder } from '../components/install/cache.ts';
import { kubernetesProgram } from '../components/programs.ts';
import { adminKubeconfig } from './cluster-folder.ts';

const run = promisify(execFile);

/** Runs kubectl as the cluster's administrator and answers what it printed. Throws with what it complained of when it fails. */
export async function kubectl(args: readonly string[]): Promise<string> {
  const program = path.join(installedFolder(kubernetesProgram), 'kubectl');
  const { stdout } = await run(program, ['--kubeconfig', adminKubeconfig(), ...args], { maxBuffer: 64 << 20 });
  return stdout;
}
