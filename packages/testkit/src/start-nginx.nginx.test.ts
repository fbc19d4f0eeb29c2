import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { freePort, startNginx, temporaryFolder, testComponent, waitFor } from './index.ts';

test('NGINX serves the given configuration, takes a changed one, and refuses a wrong one by quoting its log', async () => {
  await using folder = await temporaryFolder();
  const port = await freePort();
  const say = (text: string): string => `server { listen 127.0.0.1:${port}; location / { return 200 "${text}"; } include more/*.conf; }`;
  const server = await startNginx(testComponent('nginx'), folder.path, say('one'));
  try {
    const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();
    expect(await ask()).toBe('one');
    const file = path.join(folder.path, 'nginx.conf');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"one"', '"two"'));
    server.reload();
    await waitFor(async () => (await ask()) === 'two');
  } finally {
    await server.stop();
  }
  await using other = await temporaryFolder();
  await expect(startNginx(testComponent('nginx'), other.path, 'no_such_directive on;')).rejects.toThrow('no_such_directive');
});
