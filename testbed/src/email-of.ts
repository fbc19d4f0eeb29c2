import { randomBytes } from 'node:crypto';
import { testFileVariable } from '../jest/test-file.ts';

/** One word for each test file: people of two files never meet, wherever they sign up. */
const words = new Map<string | undefined, string>();

/** The address under which this test file's Ada, Bob and so on sign up. */
export function emailOf(name: string): string {
  const file = process.env[testFileVariable];
  const word = words.get(file) ?? randomBytes(4).toString('hex');
  words.set(file, word);
  return `${name}.${word}@example.com`;
}
