import { expect, test } from '@jest/globals';
import { NotLeading } from '../runtime/index.ts';
import { runGuarded } from './run-guarded.ts';

const always = (): number => 10_000;
const script = (text: string, guard = always) =>
  runGuarded({ command: process.execPath, args: ['-e', text], env: {}, guard, timeoutMs: 30_000 });

test('what a program says and how it ends is told', async () => {
  expect(await script(`console.log('done')`)).toMatchObject({ code: 0, output: 'done\n' });
  const failed = await script(`console.error('no'); process.exit(3)`);
  expect(failed).toMatchObject({ code: 3, text: 'no\n' });
});

test('a program that says more than is kept is not held up', async () => {
  const { text } = await script(`process.stderr.write('x'.repeat(3_000_000) + 'end', () => process.exit(1))`);
  expect(text.length).toBeLessThanOrEqual(4_096);
  expect(text).toMatch(/end$/);
});

test('once the lead is in doubt the program is asked to end', async () => {
  let leads = true;
  const guard = (): number => {
    if (!leads) throw new NotLeading();
    return 10_000;
  };
  const ended = script(`process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1_000)`, guard);
  leads = false;
  await expect(ended).rejects.toThrow(NotLeading);
  await expect(script('', guard)).rejects.toThrow(NotLeading);
});

test('one that does not end when asked is made to', async () => {
  const controller = new AbortController();
  const text = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1_000)`;
  const { signal } = controller;
  const ended = runGuarded({ command: process.execPath, args: ['-e', text], env: {}, guard: always, timeoutMs: 30_000, signal });
  controller.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
}, 20_000);

test('a program that is not there is an error', async () => {
  await expect(runGuarded({ command: '/nowhere/helm', args: [], env: {}, guard: always, timeoutMs: 1_000 })).rejects.toThrow('ENOENT');
});
