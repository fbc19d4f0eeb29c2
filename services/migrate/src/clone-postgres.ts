import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cloneServer } from '@driftbox/postgres';

// Copies the first server of a StatefulSet for another one without data, as `DATA.new`: HOST, a file with the password of `replication`,
// DATA, and where it is done by TLS a file with the authority that certifies HOST.
const [host = '', passwordFile = '', data = '', authority] = process.argv.slice(2);
const isFirst = os.hostname().endsWith('-0');
if (!isFirst && !existsSync(path.join(data, 'PG_VERSION'))) {
  const folder = `${data}.new`;
  await rm(folder, { recursive: true, force: true });
  const password = (await readFile(passwordFile, 'utf8')).trim();
  await cloneServer({ host, user: 'replication', password, slot: 'standby', folder, authority });
}
