import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files in PEM. */
export type Certificate = { readonly cert: string; readonly key: string };

/**
 * Makes a certificate of its own, valid for a day, that nobody trusts yet: for this machine, or the names given as openssl has them;
 * `called` is its common name. Needs openssl: Node itself makes none.
 */
export async function makeCertificate(folder: string, names = 'IP:127.0.0.1,DNS:localhost', called = 'localhost'): Promise<Certificate> {
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const subject = ['-subj', `/CN=${called}`, '-addext', `subjectAltName=${names}`];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  await run('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '1', ...subject, '-keyout', key, '-out', cert]);
  return { cert, key };
}
