import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { installedFolder } from '../components/install/cache.ts';
import { debianEnvironment } from '../components/install/debian-program.ts';
import { runCommand } from '../components/install/run-command.ts';
import { runtimeProgram } from '../components/programs.ts';
import { findCluster } from './find-cluster.ts';

const run = promisify(execFile);

/**
 * Loads archives of images into the running cluster, as if its node had pulled them, each also under its digest, by which pods name it.
 * Throws when no cluster is up.
 */
export async function loadImages(files: readonly string[]): Promise<void> {
  const processes = await findCluster();
  if (processes === undefined) throw new Error('no cluster is up; npm run cluster -- up starts one');
  const runtime = installedFolder(runtimeProgram);
  const enter = ['-t', String(processes.init), '--pid', '--mount', '--net', '--uts', '--ipc', '--cgroup', '--'];
  const ctr = [path.join(runtime, 'root/usr/bin/ctr'), '-a', '/run/containerd.sock', '-n', 'k8s.io', 'images'];
  const images = (...args: string[]) =>
    runCommand('nsenter', [...enter, ...ctr, ...args], { folder: '/', env: debianEnvironment(runtime) });
  for (const file of files) {
    await images('import', path.resolve(file));
    const { name, digest } = await readReference(file);
    await images('tag', '--force', name, `${name.slice(0, name.lastIndexOf(':'))}@${digest}`);
  }
}

/** What an archive's image is called, and the digest of its manifest. */
async function readReference(file: string): Promise<{ readonly name: string; readonly digest: string }> {
  const { stdout } = await run('tar', ['-xOf', file, './index.json']);
  type Index = { readonly manifests: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[] };
  const first = (JSON.parse(stdout) as Index).manifests[0];
  const name = first?.annotations?.['io.containerd.image.name'];
  if (first === undefined || name === undefined) throw new Error(`${file} does not say what its image is called`);
  return { name, digest: first.digest };
}
