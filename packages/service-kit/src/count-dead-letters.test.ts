import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { countDeadLetters } from './count-dead-letters.ts';

test('dead letters are counted from none on', async () => {
  const registry = new Registry();
  const count = countDeadLetters(registry);
  expect(await registry.metrics()).toMatch(/^driftbox_dead_letters_total 0$/m);
  count();
  expect(await registry.metrics()).toMatch(/^driftbox_dead_letters_total 1$/m);
});
