import { crc32 } from 'node:zlib';
import { StoreError } from './store-error.ts';
import type { PackStore } from './pack-store.ts';

/** `DBV1`, then the CRC-32 of the ciphertext. In front, so that ranges only shift. */
const magic = 0x44425631;
const prefixBytes = 8;

/**
 * Keeps a checksum in front of every pack, so that bit rot is found without any key (scrubbing, mirroring). Whole reads
 * are verified: `corrupt`. Ranged reads are not, since their frames authenticate themselves; they pass through shifted.
 */
export function verify(store: PackStore): PackStore {
  return {
    write(id, bytes) {
      const prefix = Buffer.alloc(prefixBytes);
      prefix.writeUInt32BE(magic, 0);
      prefix.writeUInt32BE(
        bytes.reduce((sum, piece) => crc32(piece, sum), 0),
        4,
      );
      return store.write(id, [prefix, ...bytes]);
    },
    async read(id, range) {
      if (range !== undefined) return store.read(id, { offset: range.offset + prefixBytes, length: range.length });
      const whole = await store.read(id);
      const view = new DataView(whole.buffer, whole.byteOffset, whole.length);
      const bytes = whole.subarray(prefixBytes);
      if (whole.length < prefixBytes || view.getUint32(0) !== magic || view.getUint32(4) !== crc32(bytes)) {
        throw new StoreError('corrupt', `pack ${id} does not match its checksum`);
      }
      return bytes;
    },
    async stat(id) {
      const { sizeBytes } = await store.stat(id);
      return { id, sizeBytes: Math.max(0, sizeBytes - prefixBytes) };
    },
    async list(page) {
      const listed = await store.list(page);
      return { ...listed, packs: listed.packs.map(({ id, sizeBytes }) => ({ id, sizeBytes: Math.max(0, sizeBytes - prefixBytes) })) };
    },
    delete: (id) => store.delete(id),
  };
}
