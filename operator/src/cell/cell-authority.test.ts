import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect, test } from '@jest/globals';
import { certifyDomain, isGoodFor, makeAuthority } from './cell-authority.ts';

const dayMs = 24 * 60 * 60_000;
const domain = 'files.example.com';

test('hosts below the domain are certified by an authority of the cell alone', async () => {
  const authority = await makeAuthority('cell eu', Date.now());
  const { certificate: cert, key } = await certifyDomain(authority, domain, Date.now());
  const server = tls.createServer({ cert, key }, (socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connect = async (servername: string, ca?: string): Promise<string> => {
    const socket = tls.connect({ host: '127.0.0.1', port, servername, ...(ca === undefined ? {} : { ca }) });
    try {
      await once(socket, 'secureConnect');
      return 'trusted';
    } catch (error) {
      return String(Reflect.get(Object(error), 'code'));
    } finally {
      socket.destroy();
    }
  };
  try {
    expect(await connect(`acme.${domain}`, authority.certificate)).toBe('trusted');
    expect(await connect(domain, authority.certificate)).toBe('trusted');
    expect(await connect('acme.example.org', authority.certificate)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await connect(`acme.${domain}`, (await makeAuthority('cell eu', Date.now())).certificate)).not.toBe('trusted');
    expect(await connect(`acme.${domain}`)).not.toBe('trusted');
  } finally {
    server.close();
  }
});

test('a certificate is made anew in its last month, for another domain, under another authority, and where it cannot be read', async () => {
  const authority = await makeAuthority('cell eu', Date.now());
  const { certificate } = await certifyDomain(authority, domain, Date.now());
  const isGood = (at: number, of = domain, by = authority.certificate) => isGoodFor(certificate, by, [of], at);
  expect(isGood(Date.now() + 59 * dayMs)).toBe(true);
  expect(isGood(Date.now() + 61 * dayMs)).toBe(false);
  expect(isGood(Date.now(), 'other.example.com')).toBe(false);
  expect(isGood(Date.now(), domain, (await makeAuthority('cell eu', Date.now())).certificate)).toBe(false);
  expect(isGoodFor('', authority.certificate, [domain], Date.now())).toBe(false);
  expect(new X509Certificate(authority.certificate).ca).toBe(true);
  expect(new X509Certificate(certificate).ca).toBe(false);
});
