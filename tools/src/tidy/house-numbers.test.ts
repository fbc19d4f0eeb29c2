import { expect, test } from '@jest/globals';
import { houseNumbers } from './house-numbers.ts';
import { plantRepository } from './plant-repository.ts';

test('counts lengths, comments and tests', () => {
  const lines = houseNumbers(
    plantRepository({
      'packages/domain/src/a.ts': `// why\nexport const a = 1;\n`.repeat(150),
      'packages/domain/src/a.test.ts': `test('a', () => {});\n`.repeat(453),
    }),
  ).join('\n');
  expect(lines).toContain('longest packages/domain/src/a.test.ts 453');
  expect(lines).toContain('packages/domain 3.00');
});

test('says where a number falls short', () => {
  const lines = houseNumbers(plantRepository({})).join('\n');
  expect(lines).toContain('packages/domain 0.00 (short of >= 1.5)');
});
