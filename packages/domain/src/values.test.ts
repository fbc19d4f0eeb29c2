import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SubtreeLedger, type Link } from './commit/subtree-ledger.ts';
import { sameContent } from './commit/working.ts';
import { parseDigest } from './digest.ts';
import { bytesOf, entryKinds, type Body } from './entry.ts';
import * as ids from './ids.ts';
import { invariant } from './invariant.ts';
import { addLines, chargedBytes, chargedFiles, emptyLedger, emptyLine, type LedgerLine } from './ledger.ts';
import { defaultLimits, maximumLimits } from './limits.ts';
import { content, driveId, entryId } from './testing/fixtures.ts';

const parsers = Object.entries(ids).filter(([name]) => name.startsWith('parse')) as [string, (text: string) => string | undefined][];

describe('ids', () => {
  test('there is a parser for each kind', () => expect(parsers).toHaveLength(11));

  test.each(parsers)('%s takes canonical UUIDs of any version as they are', (_name, parse) => {
    fc.assert(fc.property(fc.uuid(), (text) => expect(parse(text)).toBe(text)));
    expect(parse('00000000-0000-0000-0000-000000000000')).toBeDefined();
  });

  test.each(parsers)('%s takes nothing else', (_name, parse) => {
    const id = '0190a000-0000-7000-8000-00000000abcd';
    for (const text of [
      '',
      id.toUpperCase(),
      ` ${id}`,
      `${id}\n`,
      `{${id}}`,
      id.replaceAll('-', ''),
      id.slice(1),
      `${id}0`,
      'g'.repeat(36),
    ])
      expect([text, parse(text)]).toEqual([text, undefined]);
    fc.assert(fc.property(fc.string(), (text) => expect(parse(text) === undefined || ids.isUuid(text)).toBe(true)));
  });

  test.each(parsers)('%s says of a UUID in which one character changed whether it still is one', (_name, parse) => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(35), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }), (text, at, other) => {
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        const hyphen = text[at] === '-';
        expect(parse(changed) !== undefined).toBe(hyphen ? other === '-' : /[0-9a-f]/.test(other));
      }),
    );
  });
});

describe('digests', () => {
  test('are 64 lower-case hexadecimal digits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = Buffer.from(bytes).toString('hex');
        expect(parseDigest(text)).toBe(text);
        if (/[a-f]/.test(text)) expect(parseDigest(text.toUpperCase())).toBeUndefined();
        for (const wrong of [text.slice(1), `${text}0`, `${text}\n`, `g${text.slice(1)}`]) expect(parseDigest(wrong)).toBeUndefined();
      }),
    );
  });
});

const line: fc.Arbitrary<LedgerLine> = fc.record({ files: fc.nat(1_000), bytes: fc.nat(1_000_000) });

describe('ledger lines', () => {
  test('add like numbers: any order, and back again', () => {
    fc.assert(
      fc.property(line, line, line, (a, b, c) => {
        expect(addLines(a, b)).toEqual(addLines(b, a));
        expect(addLines(addLines(a, b), c)).toEqual(addLines(a, addLines(b, c)));
        expect(addLines(addLines(a, b), b, -1)).toEqual(a);
        expect(addLines(a, emptyLine)).toEqual(a);
      }),
    );
  });

  test('a quota counts the bytes of all lines, and each file once', () => {
    expect([chargedBytes(emptyLedger), chargedFiles(emptyLedger)]).toEqual([0, 0]);
    fc.assert(
      fc.property(line, line, line, (current, history, trash) => {
        const ledger = { current, history, trash };
        expect(chargedBytes(ledger)).toBe(current.bytes + history.bytes + trash.bytes);
        // History holds contents, not files.
        expect(chargedFiles(ledger)).toBe(current.files + trash.files);
      }),
    );
  });
});

describe('the sums of subtrees', () => {
  const chain = (...trashed: boolean[]): Link[] => trashed.map((one, at) => ({ entryId: entryId(at + 1), trashed: one }));
  const sums = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ entryId: entryId(at + 1), kept: emptyLine, all: emptyLine, history: emptyLine }));
  const share = { kept: { files: 1, bytes: 5 }, all: { files: 2, bytes: 7 }, history: { files: 3, bytes: 9 } };

  test('reach everything above; what is kept ends at the first that is in the trash', () => {
    const ledger = new SubtreeLedger(sums(4), true);
    ledger.add(() => chain(false, true, false, true), share);
    expect(ledger.of(entryId(1))).toEqual(share);
    expect(ledger.of(entryId(2))).toEqual(share);
    for (const n of [3, 4]) expect(ledger.of(entryId(n))).toEqual({ ...share, kept: emptyLine });
  });

  test('are taken away as they were added, by any chain', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), line, line, line, (trashed, kept, all, history) => {
        const ledger = new SubtreeLedger(sums(6), true);
        const some = { kept, all, history };
        ledger.add(() => chain(...trashed), some);
        ledger.add(() => chain(...trashed), some, -1);
        for (const { entryId: id, ...empty } of sums(6)) expect(ledger.of(id)).toEqual(empty);
      }),
    );
  });

  test('are not followed where nothing asks for them', () => {
    const ledger = new SubtreeLedger(sums(1), false);
    ledger.add(() => {
      throw new Error('nobody walks upwards for nothing');
    }, share);
    ledger.start(entryId(9));
    expect(ledger.of(entryId(9))).toBeUndefined();
    const followed = new SubtreeLedger([], true);
    followed.start(entryId(9));
    expect(followed.of(entryId(9))).toEqual({ kept: emptyLine, all: emptyLine, history: emptyLine });
  });
});

describe('bodies', () => {
  const file = (tag: number, sizeBytes: number, executable = false): Body => ({
    kind: 'file',
    content: content(tag, sizeBytes),
    mtimeMs: tag,
    executable,
  });
  const bodies: { readonly [K in (typeof entryKinds)[number]]: Body } = {
    file: file(1, 10),
    folder: { kind: 'folder' },
    symlink: { kind: 'symlink', target: 'x', mtimeMs: 0 },
    mount: { kind: 'mount', drive: driveId },
  };

  test('only files have bytes', () => {
    for (const kind of entryKinds) expect([kind, bytesOf(bodies[kind])]).toEqual([kind, kind === 'file' ? 10 : 0]);
  });

  test('are the same content when the bytes are, whatever the time and the executable bit', () => {
    expect(sameContent(file(1, 10), { ...file(1, 10, true), mtimeMs: 99 } as Body)).toBe(true);
    expect(sameContent(file(1, 10), file(2, 10))).toBe(false);
    expect(sameContent(undefined, file(1, 10))).toBe(false);
    for (const kind of ['folder', 'symlink', 'mount'] as const) expect(sameContent(bodies[kind], bodies[kind])).toBe(false);
  });
});

describe('limits', () => {
  test('by default are within what may be configured', () => {
    for (const name of Object.keys(defaultLimits) as (keyof typeof defaultLimits)[])
      expect([name, defaultLimits[name] > 0 && defaultLimits[name] <= maximumLimits[name]]).toEqual([name, true]);
  });
});

describe('an invariant', () => {
  test('passes what holds and throws what does not, by name', () => {
    expect(() => invariant(true, 'the sky is up')).not.toThrow();
    expect(() => invariant(false, 'the sky is up')).toThrow('the sky is up');
  });
});
