import { expect, test } from '@jest/globals';
import { buildChunkList, parseEntryId, parseWriteId, type Digest } from '@driftbox/domain';
import type { CheckedOperation } from '@driftbox/protocol';
import { refusedContents, sha256, toDomain, unknownLists } from './operation.ts';
import { decodeChunkRows, encodeChunkRows } from './store/chunk-rows.ts';

const entryId = parseEntryId('00000000-0000-4000-8000-000000000001')!;
const writeId = parseWriteId('00000000-0000-4000-8000-000000000002')!;
const chunkList = [
  { digest: sha256(Buffer.from('a')), sizeBytes: 1 },
  { digest: sha256(Buffer.from('b')), sizeBytes: 8 * 2 ** 20 },
];
const { listId, sizeBytes } = buildChunkList(chunkList, sha256);
const put = (over: object): CheckedOperation => ({
  op: 'putFile',
  entryId,
  writeId,
  baseRev: 1,
  sizeBytes,
  mtime: '1969-12-31T23:59:59.000Z',
  listId,
  ...over,
});

test('times become milliseconds, of any sign, and content one piece', () => {
  expect(toDomain(put({ chunkList }), new Map())).toMatchObject({ mtimeMs: -1000, content: { listId, sizeBytes, chunks: chunkList } });
  expect(toDomain({ op: 'setAttributes', entryId, writeId, baseRev: 1 }, new Map())).toEqual({
    op: 'setAttributes',
    entryId,
    writeId,
    baseRev: 1,
  });
});

test('a list without its chunks must be known, one with them must be what its id says', () => {
  const known = new Map<Digest, { chunks: typeof chunkList | undefined }>([[listId, { chunks: undefined }]]);
  expect(unknownLists([put({}), put({}), put({ chunkList }), put({ sizeBytes: 0 })])).toEqual([listId]);
  expect([...refusedContents([put({}), put({ chunkList })], known)]).toEqual([]);
  const outcomes = refusedContents([put({}), put({ chunkList: chunkList.slice(1) }), put({ sizeBytes: 0 })], new Map());
  expect([...outcomes].map(([index, { outcome }]) => [index, outcome])).toEqual([
    [0, 'chunk_missing'],
    [1, 'invalid_argument'],
  ]);
});

test('stored chunks come back', () => {
  expect(decodeChunkRows(encodeChunkRows(chunkList))).toEqual(chunkList);
  expect(() => decodeChunkRows(Buffer.alloc(35))).toThrow('no chunk rows');
});
