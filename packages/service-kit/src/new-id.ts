import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

/** A UUIDv7 (RFC 9562 section 5.7): ordered by time, so that lists can be paged by id. */
export function newId(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The branded id of a text that a service made itself or read from its own tables: anything else is a defect. */
export function ownId<Id>(parse: (text: string) => Id | undefined, text: string): Id {
  const id = parse(text);
  assert(id !== undefined, 'an id of our own is well-formed');
  return id;
}
