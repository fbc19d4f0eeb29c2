import path from 'node:path';
import { installedFolder } from '../components/install/cache.ts';
import { debianEnvironment } from '../components/install/debian-program.ts';
import { runCommand } from '../components/install/run-command.ts';
import { runtimeProgram } from '../components/programs.ts';
import { readOciArchive } from '../images/oci-archive.ts';
import { findCluster } from './find-cluster.ts';

/**
 * Loads archives of images into the running cluster, as if its node had pulled them, each also under its digest, by which pods name it.
 * Throws when no cluster is up.
 */
export async function loadImages(files: readonly string[]): Promise<void> {
  const { command, env } = await containerdClient();
  const images = (...args: string[]) =>
    runCommand(command[0]!, [...command.slice(1), '--namespace', 'k8s.io', 'images', ...args], { folder: '/', env });
  for (const file of files) {
    await images('import', path.resolve(file));
    const { reference, digest } = await readOciArchive(file);
    await images('tag', '--force', reference, `${reference.slice(0, reference.lastIndexOf(':'))}@${digest}`);
  }
}

/** The command that `ctr` is on the running cluster's node, to be followed by its arguments. Throws when no cluster is up. */
export async function containerdClient(): Promise<{ readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> }> {
  const processes = await findCluster();
  if (processes === undefined) throw new Error('no cluster is up; npm run cluster -- up starts one');
  const runtime = installedFolder(runtimeProgram);
  const enter = ['nsenter', '-t', String(processes.init), '--pid', '--mount', '--net', '--uts', '--ipc', '--cgroup', '--wd=.', '--'];
  return { command: [...enter, path.join(runtime, 'root/usr/bin/ctr'), '-a', '/run/containerd.sock'], env: debianEnvironment(runtime) };
}
