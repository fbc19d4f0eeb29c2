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
