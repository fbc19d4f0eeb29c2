import { expect, test } from '@jest/globals';
import { canDelegate, copiesByServices, speaksTls } from './version-abilities.ts';

test.each(Object.entries({ speaksTls, canDelegate, copiesByServices }))('the first version: %s', (_name, can) => {
  expect(['0.0.9', '0.1.0', '0.2.0-rc.1', '0.2.0', '1.0.0'].map(can)).toEqual([false, false, true, true, true]);
});
