import { randomBytes } from 'node:crypto';
import type { SeededRandom } from './seeded-random.ts';

/** Where a UUIDv7's time and random bits come from; give both to make it reproducible. */
export type UuidSource = { readonly nowMs?: number; readonly random?: SeededRandom };

/** A UUIDv7 (RFC 9562 §5.7) in canonical form, ready for any id parser. */
export function newUuid(source: UuidSource = {}): string {
  const bytes = source.random?.bytes(16) ?? randomBytes(16);
  bytes.writeUIntBE(source.nowMs ?? Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A fresh id of any branded kind: `newId(parseDriveId)`. */
export function newId<Id>(parse: (text: string) => Id | undefined, source?: UuidSource): Id {
  const id = parse(newUuid(source));
  if (id === undefined) throw new Error('this parser does not take a UUID');
  return id;
}
