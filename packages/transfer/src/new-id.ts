import { randomBytes } from 'node:crypto';

/** A fresh UUIDv7 (RFC 9562 §5.7) as the kind of id that `parse` makes. */
export function newId<Id>(parse: (text: string) => Id | undefined): Id {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const id = parse(bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
  if (id === undefined) throw new TypeError('this parser does not take a UUID');
  return id;
}
