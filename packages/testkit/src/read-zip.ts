import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';

const ends = { record: 0x06054b50, record64: 0x06064b50, entry: 0x02014b50, file: 0x04034b50 } as const;

/** The stored files of a zip by name, found by its directory as unpackers do; every checksum is verified. Folders end in `/`. */
export function readZip(zip: Buffer): Map<string, Buffer> {
  const end = zip.length - 22;
  assert.equal(zip.readUInt32LE(end), ends.record, 'a zip without a comment ends in its record');
  let [count, at] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 16)];
  if (count === 0xffff || at === 0xffffffff) {
    const record = Number(zip.readBigUInt64LE(end - 20 + 8));
    assert.equal(zip.readUInt32LE(record), ends.record64);
    [count, at] = [Number(zip.readBigUInt64LE(record + 32)), Number(zip.readBigUInt64LE(record + 48))];
  }
  const files = new Map<string, Buffer>();
  for (let index = 0; index < count; index += 1) {
    assert.equal(zip.readUInt32LE(at), ends.entry);
    assert.equal(zip.readUInt16LE(at + 8) & 0x0800, 0x0800, 'names are UTF-8, and say so');
    const [crc, sizeBytes, nameBytes] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)];
    const name = zip.subarray(at + 46, at + 46 + nameBytes).toString();
    const local = zip.readUInt32LE(at + 42);
    assert.equal(zip.readUInt32LE(local), ends.file);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(start, start + sizeBytes);
    assert.equal(crc32(bytes), crc, `${name} is whole`);
    files.set(name, bytes);
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
