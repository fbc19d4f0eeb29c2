import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { openClusterTenant } from './cluster-tenant.ts';

/** Gives a process an `/etc/hosts` of its own ($0), and becomes it. */
const withHosts = 'mount --bind "$0" /etc/hosts && exec "$@"';

/**
 * Runs the end-to-end tests once more, with the flags and patterns given, where the host of a tenant of the running cluster
 * leads to its gateway, and answers their exit code. Names in a test are resolved by the system, which only a hosts file can
 * tell of one that is not real.
 */
export async function runInCluster(args: readonly string[], report: (line: string) => void): Promise<number> {
  const { address, caFile, administratorFile, hostsFile, close } = await openClusterTenant(report);
  try {
    const again = [path.join(import.meta.dirname, 'main.ts'), '--target', address, '--ca', caFile, '--admin', administratorFile, ...args];
    const shell = ['--mount', 'sh', '-c', withHosts, hostsFile, process.execPath, '--no-warnings', ...again];
    // The child is told as well, and ends; what was made for it goes before we do.
    process.on('SIGINT', () => {});
    const child = spawn('unshare', shell, { stdio: 'inherit' });
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 1;
  } finally {
    await close();
  }
}
