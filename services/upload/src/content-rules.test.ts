import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentHeaders } from './content-headers.ts';
import { openContentToken, sealContentToken, type ContentGrant } from './content-token.ts';
import { coverRange } from './cover-range.ts';

describe('covering a range', () => {
  test('takes exactly the bytes of the range, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 8 }), fc.nat(80), fc.nat(80), (sizes, a, b) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const [start, end] = [Math.min(a, b, total), Math.min(Math.max(a, b), total)];
        const items = sizes.map((sizeBytes, index) => ({ sizeBytes, offset: sizes.slice(0, index).reduce((sum, size) => sum + size, 0) }));
        const bytes = coverRange(items, start, end).flatMap(({ item, from, to }) => {
          expect(from).toBeLessThan(to);
          return Array.from({ length: to - from }, (_, index) => item.offset + from + index);
        });
        expect(bytes).toEqual(Array.from({ length: end - start }, (_, index) => start + index));
      }),
    );
  });
});

describe('the headers of content', () => {
  const of = (name: string, wanted: 'inline' | 'attachment' = 'inline') =>
    contentHeaders({ name, mtime: '2026-01-01T00:00:00Z' }, '"e"', wanted);

  test.each([
    ['a.png', 'image/png', 'inline'],
    ['a.svg', 'application/octet-stream', 'attachment'],
    ['a.html', 'application/octet-stream', 'attachment'],
    ['constructor', 'application/octet-stream', 'attachment'],
    ['x.TXT', 'text/plain; charset=utf-8', 'inline'],
  ])('%s is %s', (name, type, disposition) => {
    expect(of(name)['content-type']).toBe(type);
    expect(of(name)['content-disposition']).toMatch(new RegExp(`^${disposition};`));
  });

  test('show only who asks for it', () => {
    expect(of('a.png', 'attachment')['content-disposition']).toMatch(/^attachment;/);
  });

  test('hold no name that could end the header', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }).filter((name) => name.isWellFormed()),
        (name) => {
          expect(of(name)['content-disposition']).toMatch(
            /^(inline|attachment); filename="[^"\\\r\n]*"; filename\*=UTF-8''[A-Za-z0-9%._~!-]+$/,
          );
        },
      ),
    );
  });
});

describe('a content token', () => {
  const secret = randomBytes(32);
  const grant = {
    tenantId: randomUUID(),
    drive: randomUUID(),
    entry: randomUUID(),
    rev: 3,
    disposition: 'inline',
    expiresAtMs: 1_000,
    act: { sub: randomUUID(), sid: randomUUID(), role: 'member', scope: 'write' },
  } as unknown as ContentGrant;
  const token = sealContentToken(secret, grant);

  test('tells its holder neither people nor ids', () => {
    const seen = Buffer.from(token, 'base64url').toString('latin1');
    for (const id of [grant.tenantId, grant.drive, grant.entry, grant.act.sub]) expect(seen).not.toContain(id);
  });

  test('grants what was signed, until its time', () => {
    expect(openContentToken(secret, grant.tenantId, token, 999)).toEqual(grant);
    expect(openContentToken(secret, grant.tenantId, token, 1_000)).toBeUndefined();
  });

  test('grants nothing to another tenant or under another secret', () => {
    expect(openContentToken(secret, randomUUID(), token, 0)).toBeUndefined();
    expect(openContentToken(randomBytes(32), grant.tenantId, token, 0)).toBeUndefined();
  });

  test('grants nothing with any character changed', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '7', '_', '.'), (at, other) => {
        // The last character of a signature carries bits that decode to nothing.
        fc.pre(token[at] !== other && at !== token.length - 1);
        expect(openContentToken(secret, grant.tenantId, token.slice(0, at) + other + token.slice(at + 1), 0)).toBeUndefined();
      }),
    );
  });

  test('is refused quietly, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(openContentToken(secret, grant.tenantId, text, 0)).toBeUndefined()));
  });
});
