import 'reflect-metadata';
import { randomBytes, X509Certificate, type webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key, in PEM. */
export type Certified = { readonly certificate: string; readonly key: string };

const dayMs = 24 * 60 * 60_000;
const authorityDays = 3_650;
/** Leaves live for 90 days and are made anew when 30 are left: whoever misses a month of passes notices before people do. */
const leafDays = 90;
const renewDays = 30;
/** Clocks of those who check may be behind. */
const backMs = 60 * 60_000;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Makes an authority, of a cell or of a pool, that is called so. */
export async function makeAuthority(of: string, epochMs: number): Promise<Certified> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime(epochMs, authorityDays),
    name: `CN=DriftBox ${of}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${made.toString('pem')}\n`, key: await pemOf(keys.privateKey) };
}

/** Certifies a domain and every host right below it. Throws where the authority cannot be read. */
export function certifyDomain(authority: Certified, domain: string, epochMs: number): Promise<Certified> {
  return certifyNames(authority, [domain, `*.${domain}`], epochMs);
}

/**
 * Certifies a server for each of these names, of which the first is what it is called; with `isClient` that is what it is known by, too,
 * where it calls. Throws where the authority cannot be read.
 */
export async function certifyNames(authority: Certified, names: readonly string[], epochMs: number, isClient = false): Promise<Certified> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const bytes = x509.PemConverter.decode(authority.key)[0] ?? new ArrayBuffer();
  const signingKey = await crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.create({
    ...lifetime(epochMs, leafDays),
    subject: `CN=${(names[0] ?? '').slice(0, 64)}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, ...(isClient ? [x509.ExtendedKeyUsage.clientAuth] : [])]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: `${made.toString('pem')}\n`, key: await pemOf(keys.privateKey) };
}

/** True while a certificate is the authority's, for these names, and good for long enough. */
export function isGoodFor(certificate: string, authority: string, names: readonly string[], epochMs: number): boolean {
  try {
    const [leaf, issuer] = [new X509Certificate(certificate), new X509Certificate(authority)];
    const isSigned = leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey);
    const isNamed = names.every((name) => leaf.checkHost(name) !== undefined);
    return isSigned && isNamed && Date.parse(leaf.validTo) - epochMs > renewDays * dayMs;
  } catch {
    // What cannot be read is no certificate.
    return false;
  }
}

function lifetime(epochMs: number, days: number) {
  // Positive, and as unique as anybody asks for (RFC 5280, 4.1.2.2).
  const serialNumber = Buffer.concat([Buffer.of(1), randomBytes(15)]).toString('hex');
  return { serialNumber, notBefore: new Date(epochMs - backMs), notAfter: new Date(epochMs + days * dayMs) };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}
