import { createS3Client, openS3Store, parsePackId, type PackId, type S3Options } from '@driftbox/chunk-store';
import type { ChaosPool } from './target.ts';

const pageSize = 1000;

/** The packs of a pool that is a bucket, seen from beside the services. Resolves once the bucket answers. */
export async function bucketPool(options: S3Options): Promise<ChaosPool & { close(): void }> {
  const store = await openS3Store(options);
  const client = createS3Client(options);
  const idOf = (pack: string): PackId => {
    const id = parsePackId(pack);
    if (id === undefined) throw new Error(`${pack} is no pack`);
    return id;
  };
  const list = async (): Promise<Map<string, number>> => {
    const sizes = new Map<string, number>();
    for (let after: PackId | undefined; ;) {
      const page = await store.list({ limit: pageSize, ...(after === undefined ? {} : { after }) });
      for (const { id, sizeBytes } of page.packs) sizes.set(id, sizeBytes);
      if (page.next === undefined) return sizes;
      after = page.next;
    }
  };
  return {
    list,
    read: async (pack) => Buffer.from(await store.read(idOf(pack))),
    replace: async (pack, bytes) => {
      if (!(await list()).has(pack)) return;
      await store.delete(idOf(pack));
      await store.write(idOf(pack), [bytes]);
    },
    leftovers: async () => {
      const { body } = await client.send({ method: 'GET', query: 'uploads=' }, 'list unfinished uploads');
      return [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => `unfinished upload of ${key}`);
    },
    close: () => {
      store.close();
      client.close();
    },
  };
}
