import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { scriptProcess } from './script-process.ts';

test('ends by itself when its script has', async () => {
  const child = scriptProcess(
    `import { waitFor } from '@driftbox/testkit'; console.log(typeof waitFor, process.env.WORD);`,
    import.meta.dirname,
    {
      WORD: 'word',
    },
  );
  expect(await text(child.stdout)).toBe('function word\n');
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
});

test('ends when what started it does', async () => {
  const parent = scriptProcess(
    `import { scriptProcess } from '@driftbox/testkit';
    const child = scriptProcess('console.log(process.pid); setInterval(() => {}, 1e6);', ${JSON.stringify(import.meta.dirname)});
    child.stdout.pipe(process.stdout);`,
    import.meta.dirname,
  );
  await once(parent.stdout, 'data');
  parent.kill('SIGKILL');
  // Its standard output is the child's as well: it ends when both have ended.
  parent.stdout.resume();
  await once(parent, 'close');
});
