import { readFile } from 'node:fs/promises';
import tls from 'node:tls';

/** From now on this process trusts the certificates in the PEM file besides the system's; children need `NODE_EXTRA_CA_CERTS`. */
export async function trustCertificate(file: string): Promise<void> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), await readFile(file, 'utf8')]);
}
