import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files in PEM. */
export type Certificate = { readonly cert: string; readonly key: string };

/** Makes a certificate of its own for this machine, valid for a day, that nobody trusts yet; needs openssl: Node itself makes none. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  await run('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '1', ...names, '-keyout', key, '-out', cert]);
  return { cert, key };
}
