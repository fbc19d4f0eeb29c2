import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cloneServer, followServer, type Followed } from '@driftbox/postgres';

// Copies the first server of a StatefulSet for another one without data, as `DATA.new`, and tells another one whom to follow, and how:
// HOST, DATA, and a file with the password of `replication`, or a folder with `ca.crt`, the authority that certifies HOST, and `tls.crt`
// and `tls.key`, by which it is known there.
const [host = '', data = '', proof = ''] = process.argv.slice(2);
const at = (file: string): string => path.join(proof, file);
const files = { authority: at('ca.crt'), certificate: at('tls.crt'), key: at('tls.key') };
const known = (await stat(proof)).isDirectory() ? { tls: files } : { password: (await readFile(proof, 'utf8')).trim() };
const first: Followed = { host, user: 'replication', slot: 'standby', ...known };

if (!os.hostname().endsWith('-0')) {
  const isThere = existsSync(path.join(data, 'PG_VERSION'));
  if (!isThere) {
    await rm(`${data}.new`, { recursive: true, force: true });
    await cloneServer(first, `${data}.new`);
  } else if (existsSync(path.join(data, 'standby.signal'))) followServer(first, data);
}
