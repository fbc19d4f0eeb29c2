import type { PackId } from '@driftbox/chunk-store';
import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toBytes } from '../digest-bytes.ts';
import { storedEncodings, type Place } from '../place.ts';
import { present } from '../present.ts';

const findPlacesStatement = statement({
  name: 'upload.find-places',
  text: `
    SELECT c.digest, c.pack_id, p.generation, c.frame_index, c.offset_bytes, c.length_bytes, c.plain_bytes, c.encoding, c.condemned,
      EXISTS (SELECT 1 FROM damaged_chunks d WHERE d.tenant = $1) AS has_damage
    FROM chunks c JOIN packs p USING (tenant, pack_id)
    WHERE c.tenant = $1 AND c.digest = ANY ($2::bytea[])`,
});

type Row = {
  digest: Buffer;
  pack_id: string;
  generation: number;
  frame_index: number;
  offset_bytes: number;
  length_bytes: number;
  plain_bytes: number;
  encoding: number;
  condemned: boolean;
  has_damage: boolean;
};

/** Chunks of a tenant by digest. Says nothing about possession. */
export type Found = {
  /** Where they can be read, the condemned ones too: those that a revision still references are never deleted. */
  readonly places: Map<Digest, Place>;
  /** Awaiting deletion: for whoever wants to write them they are missing, until their bytes are proven again. */
  readonly condemned: Set<Digest>;
  /** Whether anything of the tenant is known to be damaged, these chunks or others; says nothing where there is no place. */
  readonly hasDamage: boolean;
};

/** Where these chunks of the tenant lie; those it lacks are in neither answer. */
export async function findPlaces(database: Database, tenantId: TenantId, digests: readonly Digest[]): Promise<Found> {
  if (digests.length === 0) return { places: new Map(), condemned: new Set(), hasDamage: false };
  const { rows } = await database.withTenant<Row>(tenantId, findPlacesStatement, [tenantId, digests.map(toBytes)]);
  const found: Found = { places: new Map(), condemned: new Set(), hasDamage: rows[0]?.has_damage === true };
  for (const row of rows) {
    const digest = fromBytes(row.digest);
    found.places.set(digest, placeOf(digest, row));
    if (row.condemned) found.condemned.add(digest);
  }
  return found;
}

function placeOf(digest: Digest, row: Row): Place {
  return {
    digest,
    packId: row.pack_id.replaceAll('-', '') as PackId,
    generation: row.generation,
    frame: row.frame_index,
    offset: row.offset_bytes,
    length: row.length_bytes,
    plainSize: row.plain_bytes,
    encoding: present(storedEncodings[row.encoding], 'the column allows known encodings'),
  };
}
