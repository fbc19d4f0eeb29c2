import { expect, test } from '@jest/globals';
import { runSteps } from './run-steps.ts';

const script = (name: string, code: string) => ({ name, command: process.execPath, args: ['-e', code] });

test('every step runs, and a failed one shows what it printed', async () => {
  const printed: string[] = [];
  const steps = [script('good', 'console.log("quiet")'), script('bad', 'console.error("the reason"); process.exit(3)'), script('last', '')];
  const results = await runSteps(steps, '.', 2, (text) => printed.push(text));
  expect(
    results
      .filter(({ ok }) => ok)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['good', 'last']);
  expect(printed.join('\n')).toContain('the reason');
  expect(printed.join('\n')).not.toContain('quiet');
});

test('a command that does not exist is a failed step', async () => {
  const [result] = await runSteps([{ name: 'gone', command: '/nowhere/gone', args: [] }], '.', 1, () => {});
  expect(result).toMatchObject({ ok: false });
  expect(result?.output).toContain('could not be started');
});

test('what a long step tells is shown as it comes, and nothing else of it', async () => {
  const printed: string[] = [];
  const step = { ...script('long', 'console.log("one\\nPASS a\\ntwo"); console.error("FAIL b")'), tells: /^(?:PASS|FAIL) / };
  await runSteps([step], '.', 1, (text) => printed.push(text));
  expect(printed.slice(0, -1).sort()).toEqual(['FAIL b', 'PASS a']);
  expect(printed.at(-1)).toMatch(/^ok +long/);
});
