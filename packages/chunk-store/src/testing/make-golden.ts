/** Writes the golden packs of the current format: `node packages/chunk-store/src/testing/make-golden.ts`. Never rewrite a committed one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import type { Digest } from '@driftbox/domain';
import { PackIdentity, PackWriter, parsePackId } from '../index.ts';
import { defined } from './pack-fixture.ts';
import type { StoredEncoding } from '../index.ts';
import { goldenKey } from './golden-key.ts';

const packs: Record<string, readonly (readonly [StoredEncoding, Buffer])[]> = {
  '00112233445566778899aabbccddeeff': [
    ['raw', Buffer.from('the first frame of the first golden pack')],
    ['zstd', Buffer.alloc(5000, 'words that repeat ')],
    ['raw', Buffer.from([0])],
  ],
  ffeeddccbbaa99887766554433221100: [['raw', Buffer.from(Array.from({ length: 2048 }, (_, i) => (i * 7) & 255))]],
};

const folder = join(import.meta.dirname, '../../golden');
for (const [id, chunks] of Object.entries(packs)) {
  const writer = new PackWriter(goldenKey, PackIdentity.named(defined(parsePackId(id))));
  for (const [encoding, plain] of chunks) {
    const bytes = encoding === 'zstd' ? zstdCompressSync(plain) : plain;
    writer.add({ digest: hash('sha256', plain, 'hex') as Digest, plainSize: plain.length, encoding, bytes });
  }
  const { bytes } = writer.finish();
  await writeFile(join(folder, `${id}.pack`), Buffer.concat(bytes), { flag: 'wx' });
  const plains = chunks.map(([, plain]) => plain.toString('base64'));
  await writeFile(join(folder, `${id}.json`), `${JSON.stringify(plains, undefined, 1)}\n`);
}
