import { once } from 'node:events';
import { createServer } from 'node:net';
import { isAlive } from '@driftbox/processes';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  freePort,
  freePorts,
  ownsPort,
  scriptProcess,
  startServerProcess,
  temporaryFolder,
  waitFor,
  type ServerProcess,
  type ServerProcessOptions,
  type TemporaryFolder,
} from './index.ts';

const serverScript = `const [port, answer] = process.argv.slice(1);
  console.log('about to listen');
  require('node:net').createServer((socket) => socket.end(answer)).listen(Number(port), '127.0.0.1');`;

let folder: TemporaryFolder;
let servers: ServerProcess[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  servers = [];
  await folder.remove();
});

async function start(port: number, options: Partial<ServerProcessOptions> = {}): Promise<ServerProcess> {
  const args = ['-e', serverScript, String(port), 'me'];
  const server = await startServerProcess({ name: 'answerer', command: process.execPath, args, folder: folder.path, port, ...options });
  servers.push(server);
  return server;
}

describe('a server process', () => {
  test('is ready when it listens itself and says so, and is gone when stopped', async () => {
    const port = await freePort();
    let asked = 0;
    const server = await start(port, { isReady: async () => (asked += 1) > 2 });
    expect(asked).toBe(3);
    expect(await ownsPort(server.pid, port)).toBe(true);
    await server.stop();
    await server.stop();
    await server.ended;
    expect(isAlive(server.pid)).toBe(false);
  });

  test('is not ready when somebody else has its port, and leaves nothing running', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as { port: number };
    const waits = ['-e', 'setInterval(() => {}, 1e6)'];
    const pids: number[] = [];
    const refused = start(port, {
      args: waits,
      startTimeoutMs: 300,
      isReady: async (pid) => {
        pids.push(pid);
        return true;
      },
    });
    await expect(refused).rejects.toThrow('not ready within 300 ms');
    expect(pids).toEqual([]);
    stranger.close();
  });

  test('that ends at once is a failure that quotes its log', async () => {
    const fails = start(await freePort(), { args: ['-e', 'console.error("no such setting"); process.exit(3)'] });
    await expect(fails).rejects.toThrow(/it ended with 3[^]*no such setting/);
  });

  test('that cannot be run at all is a failure too', async () => {
    await expect(start(await freePort(), { command: '/nowhere/server' })).rejects.toThrow('answerer did not start');
  });

  test('that will not end is killed', async () => {
    const port = await freePort();
    const server = await start(port, { args: ['-e', `process.on('SIGTERM', () => {}); ${serverScript}`, String(port)], stopTimeoutMs: 50 });
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  test('dies with the process that started it, also by kill -9', async () => {
    const port = await freePort();
    const options = { name: 'child', command: process.execPath, args: ['-e', serverScript, String(port)], folder: folder.path, port };
    const script = `import { startServerProcess } from '@driftbox/testkit';
      console.log((await startServerProcess(${JSON.stringify(options)})).pid);`;
    const parent = scriptProcess(script, import.meta.dirname);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await waitFor(() => !isAlive(pid));
  });
});

test('free ports are different from each other', async () => {
  expect(new Set(await freePorts(20)).size).toBe(20);
  // By chance some dozen would come twice.
  const given = [...(await freePorts(500)), ...(await freePorts(500))];
  expect(new Set(given).size).toBe(given.length);
});
