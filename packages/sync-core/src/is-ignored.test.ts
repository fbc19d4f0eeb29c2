import { describe, expect, test } from '@jest/globals';
import { parseIgnoreFile } from './ignore-pattern.ts';
import { isIgnored } from './is-ignored.ts';

function ignores(files: Readonly<Record<string, string>>, path: string): boolean {
  const parsed = new Map(Object.entries(files).map(([folder, text]) => [folder, parseIgnoreFile(text)]));
  return isIgnored((folder) => parsed.get(folder), path.replace(/\/$/, ''), path.endsWith('/'));
}

describe('an ignore file', () => {
  test.each([
    ['*.log', 'a.log', true],
    ['*.log', 'deep/er/a.log', true],
    ['/a', 'b/a', false],
    ['b/a', 'c/b/a', false],
    ['**/b/a', 'c/b/a', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a/', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a**/z', 'az', true],
    ['a**/z', 'a/b/z', true],
    ['a?**/z', 'abz', false],
    ['a?**/z', 'ab/c/z', false],
    ['build/', 'build', false],
    ['build/', 'build/', true],
    ['build/', 'build/x', true],
    ['a?c', 'abc', true],
    ['[!a-c]x', 'dx', true],
    ['[!a-c]x', 'bx', false],
    ['[[:digit:]]', '7', true],
    ['# a', '# a', false],
    [String.raw`\# a`, '# a', true],
    [String.raw`\!a`, '!a', true],
    ['a  ', 'a', true],
    ['a\\ ', 'a ', true],
    ['a\r\nb', 'a', true],
    ['\uFEFFa', 'a', true],
    ['[a', '[a', false],
    ['*\n!a', 'a', false],
    ['x/\n!x/a', 'x/a', true],
    ['(a|b)', 'a', false],
    ['ä?', 'äö', true],
    ['*a*b*', 'xaxbx', true],
    ['*a*b*', 'xbxax', false],
    ['*ab*ab', 'abab', true],
    ['*ab*ab', 'ab', false],
    ['*a*a?b', 'aaaab', true],
    ['a*[bc]*d', 'abcbd', true],
    ['*a/*b*c', 'xa/bbc', true],
    ['*a/*b*c', 'x/a/bc', false],
    ['/*a*/b', 'xa/y/b', false],
    ['**/a*b/**/c', 'x/ab/acb/y/c', true],
    ['**/a/**/b/**/c', 'a/x/b/a/c', true],
    ['**/a/**/b/**/c', 'b/a/c', false],
    ['**/a/**/*b*c', 'a/b/a/xbxc', true],
    ['a/**/b/**', 'a/b/c', true],
    ['x**/a/**/b', 'xy/a/b', true],
  ])('%j on %s', (text, path, ignored) => {
    expect(ignores({ '': text }, path)).toBe(ignored);
  });

  test.each([
    ['*a'.repeat(60), 'a'.repeat(255)],
    [`${'*a'.repeat(60)}*b`, 'a'.repeat(255)],
    [`${'*?a'.repeat(40)}*b`, 'a'.repeat(255)],
    [`${'**/a/'.repeat(60)}b`, `${'a/'.repeat(128)}c`],
    [`${'**/*a*a/'.repeat(30)}b`, `${'aaaa/'.repeat(128)}c`],
    [`${'[a-c]*'.repeat(60)}d`, 'abc'.repeat(85)],
  ])('that somebody made to be slow is decided all the same: %s', (text, path) => {
    expect(ignores({ '': text }, path)).toBe(text.endsWith('a'));
  });

  test('further down wins over further up, within its folder', () => {
    const files = { '': '*.txt', 'a/b': '!keep.txt\n/own' };
    expect(ignores(files, 'a/b/keep.txt')).toBe(false);
    expect(ignores(files, 'a/keep.txt')).toBe(true);
    expect(ignores(files, 'a/b/own')).toBe(true);
    expect(ignores(files, 'own')).toBe(false);
  });
});
