import path from 'node:path';
import { installedFolder } from '../components/install/cache.ts';
import { debianEnvironment } from '../components/install/debian-program.ts';
import { runCommand } from '../components/install/run-command.ts';
import { runtimeProgram } from '../components/programs.ts';
import { findCluster } from './cluster-folder.ts';

/** Loads archives of images into the running cluster, as if its node had pulled them. Throws when no cluster is up. */
export async function loadImages(files: readonly string[]): Promise<void> {
  const processes = await findCluster();
  if (processes === undefined) throw new Error('no cluster is up; npm run cluster -- up starts one');
  const runtime = installedFolder(runtimeProgram);
  const enter = ['-t', String(processes.init), '--pid', '--mount', '--net', '--uts', '--ipc', '--cgroup', '--'];
  const ctr = [path.join(runtime, 'root/usr/bin/ctr'), '-a', '/run/containerd.sock', '-n', 'k8s.io', 'images', 'import'];
  for (const file of files) {
    await runCommand('nsenter', [...enter, ...ctr, path.resolve(file)], { folder: '/', env: debianEnvironment(runtime) });
  }
}
