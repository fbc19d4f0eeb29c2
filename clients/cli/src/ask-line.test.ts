import { expect, test } from '@jest/globals';
import { onTerminal } from './testing/on-terminal.ts';

test.each([
  [[' ada@example.com '], 'ada@example.com'],
  [[''], 'undefined'],
  [['\u0004'], 'undefined'],
  [['\u0003'], 'interrupted'],
])('%j on a terminal is %s', async (lines, answer) => {
  const shown = await onTerminal('ask-line.ts', 'askLine', 'askLine("E-mail address: ")', lines);
  expect(shown).toContain('E-mail address: ');
  expect(shown).toContain(`<${answer}>`);
});
