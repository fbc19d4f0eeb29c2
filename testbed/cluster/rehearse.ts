import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureInstalled, installedFolder } from '../components/install/cache.ts';
import { debianEnvironment } from '../components/install/debian-program.ts';
import { runCommand } from '../components/install/run-command.ts';
import { runtimeProgram } from '../components/programs.ts';
import { clusterFolder } from './cluster-folder.ts';
import { makeControlGroups, removeControlGroups } from './control-groups.ts';

const script = path.join(import.meta.dirname, 'node/rehearse.sh');

/**
 * Why no cluster can run on this machine for whoever asks; undefined where one can. Everything that the node will need of the kernel is
 * tried, in namespaces that are gone afterwards. To be called while no cluster is up, whose control groups it would try to make.
 */
export async function rehearse(report: (line: string) => void): Promise<string | undefined> {
  if (process.platform !== 'linux') return `it needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'it needs root, for its namespaces and its network';
  await ensureInstalled(runtimeProgram, report);
  await mkdir(clusterFolder(), { recursive: true, mode: 0o711 });
  const folder = await mkdtemp(path.join(clusterFolder(), 'rehearsal-'));
  try {
    const runtime = installedFolder(runtimeProgram);
    const env = {
      FOLDER: folder,
      RUNTIME: path.join(runtime, 'root'),
      RUNTIME_LIBRARIES: debianEnvironment(runtime)['LD_LIBRARY_PATH'] ?? '',
    };
    const namespaces = ['--pid', '--mount', '--net', '--uts', '--ipc', '--cgroup'];
    await runCommand('unshare', ['--fork', ...namespaces, '--mount-proc', '--kill-child=KILL', script], { folder: '/', env });
    await removeControlGroups(await makeControlGroups());
    return undefined;
  } catch (error) {
    return `the kernel, or what this machine may ask of it, lacks something: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
