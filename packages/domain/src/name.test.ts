import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseName, utf8Bytes } from './name.ts';
import { parsePath } from './path.ts';

describe('parseName', () => {
  test.each([
    ['', /not empty/],
    ['.', /not \. or \.\./],
    ['..', /not \. or \.\./],
    ['a/b', /no \//],
    ['a\0b', /NUL/],
    ['a\ud800b', /valid Unicode/],
    ['\udc00', /valid Unicode/],
    ['x'.repeat(256), /255 bytes/],
    ['é'.repeat(128), /255 bytes/],
    ['x'.repeat(1_000_000), /255 bytes/],
  ])('refuses %j', (text, why) => {
    const parsed = parseName(text);
    expect(parsed).toMatchObject({ ok: false, detail: expect.stringMatching(why) });
  });

  test.each(['a', '...', '.hidden', ' ', 'a\\b', 'CON', 'x'.repeat(255), `${'é'.repeat(127)}x`, '\u{1f600}', 'a:b', '-', '\n'])(
    'takes %j as it is',
    (text) => {
      expect(parseName(text)).toEqual({ ok: true, name: text });
    },
  );

  test('makes one name of two ways to write it', () => {
    expect(parseName('e\u0301t\u00e9')).toEqual(parseName('\u00e9te\u0301'));
    expect(parseName('\u212b')).toEqual({ ok: true, name: '\u00c5' });
  });

  test('keeps look-alikes of other scripts and other case apart', () => {
    expect(parseName('a')).not.toEqual(parseName('\u0430'));
    expect(parseName('a')).not.toEqual(parseName('A'));
  });

  test('is idempotent, and what it makes keeps the rules', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const parsed = parseName(text);
        if (!parsed.ok) return;
        expect(parseName(parsed.name)).toEqual(parsed);
        expect(utf8Bytes(parsed.name)).toBeLessThanOrEqual(255);
        expect(parsed.name).not.toMatch(/[/\0]/);
      }),
    );
  });
});

describe('parsePath', () => {
  test.each([
    ['', []],
    ['/', []],
    ['a', ['a']],
    ['/a/b', ['a', 'b']],
    ['a/b/', ['a', 'b']],
    ['/e\u0301', ['\u00e9']],
  ])('%j is %j', (text, names) => {
    expect(parsePath(text)).toEqual({ ok: true, names });
  });

  test.each(['//', 'a//b', '../a', 'a/../b', './a', 'a/.', 'a/b\0', 'a/\ud800'])('refuses %j instead of resolving it', (text) => {
    expect(parsePath(text).ok).toBe(false);
  });

  test('goes 128 levels deep and not one more', () => {
    const deep = Array.from({ length: 128 }, () => 'd').join('/');
    expect(parsePath(deep)).toMatchObject({ ok: true });
    expect(parsePath(`${deep}/d`)).toEqual({ ok: false, detail: 'a path is at most 128 levels deep' });
    expect(parsePath('a/b/c', 2).ok).toBe(false);
  });
});
