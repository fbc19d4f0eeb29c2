import { expect, test } from '@jest/globals';
import { Problem } from '@driftbox/protocol';
import fc from 'fast-check';
import { readBytes, readChecksum, readMetadata, requireTus } from './tus-request.ts';

const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const refused = (code: string) => expect.objectContaining({ code });

test('metadata is what was written', () => {
  const keys = fc.stringMatching(/^[!-+.-~]{1,20}$/);
  fc.assert(
    fc.property(fc.dictionary(keys, fc.string({ unit: 'grapheme' })), (said) => {
      const header = Object.entries(said).map(([key, value]) => `${key} ${encoded(value)}`);
      expect(readMetadata(header.join(', '))).toEqual(new Map(Object.entries(said)));
    }),
  );
});

test('a key may have no value, and padding may be left out', () => {
  expect(readMetadata('private,path YQ')).toEqual(
    new Map([
      ['private', ''],
      ['path', 'a'],
    ]),
  );
  expect(readMetadata(undefined)).toEqual(new Map());
});

test.each(['path a b', 'path YQ==,path YQ==', 'path ****', `path ${Buffer.from([0xff]).toString('base64')}`])(
  'metadata that is %p is refused',
  (header) => {
    expect(() => readMetadata(header)).toThrow(refused('invalid_argument'));
  },
);

test.each([undefined, '', '-1', '1.5', '0x10', '99999999999999999', '9007199254740993'])('%p is no number of bytes', (text) => {
  expect(() => readBytes({ 'upload-length': text }, 'upload-length')).toThrow(refused('invalid_argument'));
});

test('a checksum has an algorithm that is known, and a digest of its length', () => {
  expect(readChecksum(undefined)).toBeUndefined();
  expect(readChecksum('sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=')).toMatchObject({ algorithm: 'sha1' });
  for (const header of ['', 'crc32 AAAA', 'sha1', 'sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0='])
    expect(() => readChecksum(header)).toThrow(Problem);
});

test('another version is refused', () => {
  expect(() => requireTus({ 'tus-resumable': '1.0.0' })).not.toThrow();
  for (const version of [undefined, '0.2.2'])
    expect(() => requireTus({ 'tus-resumable': version })).toThrow(refused('version_unsupported'));
});
