import { X509Certificate } from 'node:crypto';
import assert from 'node:assert/strict';
import { expect, test } from '@jest/globals';
import { textOf } from '../secret.ts';
import { areGood, innerIn, innerObject, innerValues, type InnerCertificates } from './inner-certificates.ts';

const dayMs = 24 * 60 * 60_000;
const now = Date.now();

async function made(before: Readonly<Record<string, string>> = {}, epochMs = now) {
  const text = textOf(await innerObject('ops', 'eu', before, epochMs));
  const inner = innerIn(text);
  assert(inner !== undefined);
  return { text, inner };
}

test('each part has a certificate of its own, for the names of its Service alone, by an authority of the cell', async () => {
  const { inner } = await made();
  const { authority, leaves } = inner;
  expect(areGood('eu', inner, now)).toBe(true);
  const issuer = new X509Certificate(authority);
  const named = (part: keyof typeof leaves): string | undefined => new X509Certificate(leaves[part].certificate).subjectAltName;
  expect(named('auth')).toBe('DNS:eu-auth, DNS:eu-auth.driftbox-cell-eu, DNS:eu-auth.driftbox-cell-eu.svc');
  expect(named('postgres')).toMatch(
    /^DNS:eu-backends-postgres-0\.eu-backends-postgres\.driftbox-cell-eu\.svc, DNS:eu-backends-postgres-1\./,
  );
  expect(named('redis')).toMatch(/^DNS:eu-backends-redis, DNS:eu-backends-redis\.driftbox-cell-eu, /);
  const usage = (part: keyof typeof leaves): readonly string[] => new X509Certificate(leaves[part].certificate).keyUsage;
  const [server, client] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
  expect(usage('auth')).toEqual([server]);
  expect(usage('postgres')).toEqual([server, client]);
  expect(new X509Certificate(leaves.postgres.certificate).subject).toMatch(/^CN=eu-backends-postgres-0\.eu-backends-postgres\./);
  for (const { certificate, key } of Object.values(leaves)) {
    expect(new X509Certificate(certificate).verify(issuer.publicKey)).toBe(true);
    expect(key).toContain('PRIVATE KEY');
  }
  expect(new Set(Object.values(leaves).map(({ key }) => key)).size).toBe(11);
});

test('what has a month left is made anew, by the same authority, and nothing else is', async () => {
  const first = await made();
  const early = await made(first.text, now + 40 * dayMs);
  expect(early.text).toEqual(first.text);
  const { 'auth.crt': _lost, ...rest } = first.text;
  const mended = await made(rest, now + 59 * dayMs);
  expect(mended.inner.leaves.auth).not.toEqual(first.inner.leaves.auth);
  expect(mended.inner.leaves.sync).toEqual(first.inner.leaves.sync);
  expect(areGood('eu', first.inner, now + 61 * dayMs)).toBe(false);
  const late = await made(mended.text, now + 61 * dayMs);
  expect(late.inner.authority).toBe(first.inner.authority);
  expect(late.inner.leaves.sync).not.toEqual(first.inner.leaves.sync);
  expect(late.inner.leaves.auth).toEqual(mended.inner.leaves.auth);
  expect(areGood('eu', late.inner, now + 61 * dayMs)).toBe(true);
});

test('certificates of another cell, or by another authority, are none of its', async () => {
  const { inner } = await made();
  expect(areGood('us', inner, now)).toBe(false);
  const other: InnerCertificates = { ...inner, authority: (await made()).inner.authority };
  expect(areGood('eu', other, now)).toBe(false);
});

test('pods get no key of the authority, and a Secret in which something is missing is none', async () => {
  const { text, inner } = await made();
  const { 'ca.key': authorityKey, ...rest } = text;
  expect(innerValues(inner)).toEqual(rest);
  expect(JSON.stringify(innerValues(inner))).not.toContain(JSON.stringify(authorityKey).slice(1, -1));
  const { 'probe.key': _gone, ...incomplete } = text;
  expect(innerIn(incomplete)).toBeUndefined();
  expect(innerIn({})).toBeUndefined();
});
