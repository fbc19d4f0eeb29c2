import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { zstdDecompressSync } from 'node:zlib';

const tenant = '0190a0b0-c0d0-7e0f-8000-000000000001';
const secret = Buffer.alloc(32, 0x5a);

function open(key: Buffer, counter: number, context: Buffer, sealed: Buffer): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(counter, 8);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A second reader, written from docs/pack-format.md alone: it shares no code with the codec. */
function decodeByTheDocument(id: string, pack: Buffer): Buffer[] {
  expect(pack.subarray(0, 8).toString('latin1')).toBe('DBXPACK\x01');
  const generation = pack.readUInt32BE(8);
  expect(pack.subarray(-4).toString('latin1')).toBe('DBXE');
  const footerLength = pack.readUInt32BE(pack.length - 8);
  const count = (footerLength - 16) / 41;
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.from(id, 'hex'), `driftbox pack 1 ${tenant} ${generation}`, 32));
  const binding = (kind: number, number: number): Buffer =>
    Buffer.concat([
      Buffer.from('DBXPACK'),
      Buffer.from([1, kind]),
      uint32(generation),
      uint32(number),
      Buffer.from(tenant.replaceAll('-', ''), 'hex'),
      Buffer.from(id, 'hex'),
    ]);
  const footerStart = pack.length - 8 - footerLength;
  const footer = open(key, 0xffffffff, binding(1, count), pack.subarray(footerStart, -8));
  const plains: Buffer[] = [];
  let offset = 12;
  for (let frame = 0; frame < count; frame += 1) {
    const entry = footer.subarray(frame * 41, frame * 41 + 41);
    const length = entry.readUInt32BE(37);
    const stored = open(key, frame, Buffer.concat([binding(0, frame), entry]), pack.subarray(offset, offset + length));
    const plain = entry.readUInt8(32) === 1 ? zstdDecompressSync(stored) : stored;
    expect(plain.length).toBe(entry.readUInt32BE(33));
    expect(createHash('sha256').update(plain).digest()).toEqual(entry.subarray(0, 32));
    plains.push(plain);
    offset += length;
  }
  expect(offset).toBe(footerStart);
  return plains;
}

describe('the document of the pack format', () => {
  test.each(['00112233445566778899aabbccddeeff', 'ffeeddccbbaa99887766554433221100'])('suffices to read golden pack %s', async (id) => {
    const folder = join(import.meta.dirname, '../golden');
    const expected = JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as string[];
    const plains = decodeByTheDocument(id, await readFile(join(folder, `${id}.pack`)));
    expect(plains.map((plain) => plain.toString('base64'))).toEqual(expected);
  });
});
