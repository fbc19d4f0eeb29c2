/** For tests: writes packs into the folder named by its argument, and prints each id once it is acknowledged, until it is killed. */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { PackIdentity, openDiskStore, verify } from '../index.ts';

const store = verify(await openDiskStore(process.argv[2] ?? ''));

async function write(): Promise<never> {
  for (;;) {
    const { id } = PackIdentity.random();
    await store.write(id, [randomBytes(30_000), randomBytes(30_000)]);
    writeSync(1, `${id}\n`);
  }
}

await Promise.all([write(), write(), write(), write()]);
