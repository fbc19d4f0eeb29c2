import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { ownsPort, scriptProcess, temporaryFolder, testComponent, waitFor } from '@driftbox/testkit';
import { startRedis } from './redis.ts';

async function ask(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`${command}\r\nQUIT\r\n`);
  return text(socket);
}

test("the run's Redis answers", async () => {
  expect(await ask(testComponent('redis').url, 'PING')).toContain('+PONG');
});

test('two at once do not meet', async () => {
  await using folder = await temporaryFolder();
  const both = await Promise.all(['a', 'b'].map((name) => startRedis(path.join(folder.path, name))));
  try {
    const urls = both.map(({ addresses }) => addresses['url'] ?? '');
    await ask(urls[0] ?? '', 'SET key one');
    expect(await ask(urls[1] ?? '', 'GET key')).toContain('$-1');
    expect(await ownsPort(both[0]?.pids[0] ?? 0, Number(new URL(urls[0] ?? '').port))).toBe(true);
  } finally {
    await Promise.all(both.map((one) => one.stop()));
  }
});

test('nothing is left of it when the process that started it is killed', async () => {
  await using folder = await temporaryFolder();
  const script = `import { startRedis } from ${JSON.stringify(path.join(import.meta.dirname, 'redis.ts'))};
    console.log((await startRedis(${JSON.stringify(folder.path)})).addresses.url);
    setInterval(() => {}, 1e6);`;
  const parent = scriptProcess(script, import.meta.dirname);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const url = line.toString().trim();
  expect(await ask(url, 'PING')).toContain('+PONG');
  parent.kill('SIGKILL');
  await waitFor(() =>
    ask(url, 'PING').then(
      () => false,
      () => true,
    ),
  );
});
