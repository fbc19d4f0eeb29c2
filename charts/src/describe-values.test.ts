import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { describeValues } from './describe-values.ts';

const values = z.strictObject({
  name: z.string().describe('what it is called, a|b'),
  mode: z.enum(['one', 'two']),
  inner: z.strictObject({ count: z.int(), list: z.array(z.string()) }),
  sizes: z.strictObject({ a: z.int().optional() }).describe('as a whole'),
  needed: z.string().describe('required'),
});
const schema = z.toJSONSchema(values, { target: 'draft-7', io: 'input' });

test('a row for each value that holds something, with its default', () => {
  const defaults = { name: '', mode: 'one', inner: { count: 3, list: Array.from({ length: 40 }, () => 'long') }, sizes: {} };
  expect(describeValues(schema, defaults).split('\n').slice(2)).toEqual([
    '| `name` | none | what it is called, a\\|b |',
    '| `mode` | `one` | one, two |',
    '| `inner.count` | `3` |  |',
    '| `inner.list` | see `values.yaml` |  |',
    '| `sizes` | `{}` | as a whole |',
    '| `needed` |  | required |',
    '',
  ]);
});
