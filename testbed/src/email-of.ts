import { randomBytes } from 'node:crypto';

/** One word for each test file, since each loads its modules anew: people of two files never meet, wherever they sign up. */
const word = randomBytes(4).toString('hex');

/** The address under which this test file's Ada, Bob and so on sign up. */
export function emailOf(name: string): string {
  return `${name}.${word}@example.com`;
}
