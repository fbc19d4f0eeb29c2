import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { freePort, makeCertificate, startServerProcess, type TestComponents } from '@driftbox/testkit';
import type { RestartableNode, RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { debianEnvironment } from '../install/debian-program.ts';
import { redisProgram } from '../programs.ts';

/** Redis while it runs. */
export type RunningRedis = RunningComponent & { readonly nodes: readonly RestartableNode[] };

/** By TLS, for whoever shows a certificate and has a name. */
type Secure = TestComponents['redis']['secure'];

/** Starts one that also listens so. */
export async function startSecureRedis(folder: string): Promise<{ readonly running: RunningRedis; readonly secure: Secure }> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const { cert, key } = await makeCertificate(folder, 'DNS:localhost');
  const [username, password] = ['driftbox', randomBytes(12).toString('hex')];
  const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
  const user = ['--user', username, 'on', `>${password}`, '~*', '&*', '+@all'];
  const running = await startRedis(folder, ['--tls-port', String(port), ...files, ...user]);
  const [authority, keyText] = [await readFile(cert, 'utf8'), await readFile(key, 'utf8')];
  return { running, secure: { url: `rediss://localhost:${port}`, authority, key: keyText, username, password } };
}

/** Starts Redis without persistence: what DriftBox keeps there may vanish at any time. */
export async function startRedis(folder: string, more: readonly string[] = []): Promise<RunningRedis> {
  const installed = installedFolder(redisProgram);
  const port = await freePort();
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    save: '',
    appendonly: 'no',
    maxmemory: '256mb',
    'maxmemory-policy': 'allkeys-lru',
  };
  const start = () =>
    startServerProcess({
      name: 'redis',
      command: path.join(installed, 'redis-server'),
      args: [...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]), ...more],
      env: debianEnvironment(installed),
      folder,
      port,
      isReady: async (pid) => (await askInfo(port)).includes(`process_id:${pid}\r\n`),
    });
  let server = await start();
  return {
    addresses: { url: `redis://127.0.0.1:${port}` },
    pids: [server.pid],
    logFiles: [server.logFile],
    nodes: [{ pid: () => server.pid, kill: () => server.kill(), start: async () => void (server = await start()) }],
    stop: () => server.stop(),
  };
}

/** Redis says by itself which process it is. */
async function askInfo(port: number): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port, timeout: 1_000 });
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  socket.write('INFO server\r\nQUIT\r\n');
  return text(socket);
}
