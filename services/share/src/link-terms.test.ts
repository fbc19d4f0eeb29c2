import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseTenantId } from '@driftbox/domain';
import { linkPolicy } from '@driftbox/protocol';
import { hashSecret } from '@driftbox/service-kit';
import { newId, newUuid } from '@driftbox/testkit';
import fc from 'fast-check';
import { GuessThrottle } from './guess-throttle.ts';
import { isPass, makePass, passMs } from './link-pass.ts';
import { endsAt, linkState, policyObjection, type LinkTerms } from './link-state.ts';
import { isToken, linkToken } from './link-token.ts';

const dayMs = 86_400_000;
const anyTerms: fc.Arbitrary<LinkTerms> = fc.record({
  createdMs: fc.nat(100 * dayMs),
  expiresMs: fc.option(fc.nat(200 * dayMs)),
  maxDownloads: fc.option(fc.integer({ min: 1, max: 5 })),
  downloads: fc.nat(6),
  hasPassword: fc.boolean(),
});

test('a token is 256 bits, the same for the same link, and another for another link, tenant or secret', () => {
  const [secret, tenant, link] = [randomBytes(32), newId(parseTenantId), newUuid()];
  const token = linkToken(secret, tenant, link);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(linkToken(secret, tenant, link)).toBe(token);
  const others = [
    linkToken(secret, tenant, newUuid()),
    linkToken(secret, newId(parseTenantId), link),
    linkToken(randomBytes(32), tenant, link),
  ];
  expect(new Set([token, ...others]).size).toBe(4);
  expect([isToken(token, hashSecret(token)), isToken(others[0]!, hashSecret(token))]).toEqual([true, false]);
});

describe('the terms of a link', () => {
  test('end it by time first, and then by use; nothing brings it back', () => {
    fc.assert(
      fc.property(anyTerms, fc.nat(200 * dayMs), fc.nat(100 * dayMs), (terms, nowMs, laterMs) => {
        const state = linkState(terms, nowMs);
        expect(state === 'expired').toBe(terms.expiresMs !== null && terms.expiresMs <= nowMs);
        if (state !== 'active') expect(linkState({ ...terms, downloads: terms.downloads + 1 }, nowMs + laterMs)).not.toBe('active');
      }),
    );
  });

  test('bow to the tenant: what ends by its policy is objected to from that moment on', () => {
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 1, max: 50 }), fc.nat(200 * dayMs), (terms, maxDays, nowMs) => {
        const policy = linkPolicy.parse({ maxDays });
        const endMs = endsAt(policy, terms.createdMs, terms.expiresMs)!;
        expect(endMs).toBeLessThanOrEqual(terms.createdMs + maxDays * dayMs);
        const refused =
          policyObjection(policy, terms, nowMs) !== undefined || linkState({ ...terms, maxDownloads: null }, nowMs) === 'expired';
        expect(refused).toBe(nowMs >= endMs);
      }),
    );
  });

  test('are objected to without the password that a tenant wants, and whatever they are where it allows none', () => {
    const terms = { createdMs: 0, expiresMs: null, maxDownloads: null, downloads: 0, hasPassword: false };
    const wanted = linkPolicy.parse({ password: 'required' });
    expect(policyObjection(wanted, terms, 1)).toMatch('password');
    expect(policyObjection(wanted, { ...terms, hasPassword: true }, 1)).toBeUndefined();
    expect(policyObjection(linkPolicy.parse({ allowed: false }), { ...terms, hasPassword: true }, 1)).toMatch('no links');
    expect(endsAt(linkPolicy.parse({}), 0, null)).toBeNull();
  });
});

test('a pass holds for its link, password and hour, and not with a character changed', () => {
  const link = newUuid();
  const { pass, untilMs } = makePass('hash one', link, 1_000);
  expect(untilMs).toBe(1_000 + passMs);
  expect([isPass(pass, 'hash one', link, 2_000), isPass(pass, 'hash one', link, untilMs)]).toEqual([true, false]);
  expect([isPass(pass, 'hash two', link, 2_000), isPass(pass, 'hash one', newUuid(), 2_000)]).toEqual([false, false]);
  for (const forged of [
    pass.replace(/^./, '9'),
    `${pass.slice(0, -2)}AA`,
    `${untilMs + 1}${pass.slice(String(untilMs).length)}`,
    '',
    '1.x',
  ])
    expect([forged, isPass(forged, 'hash one', link, 2_000)]).toEqual([forged, forged === pass]);
});

test('misses are counted by network and minute', () => {
  let nowMs = 0;
  const throttle = new GuessThrottle(2, () => nowMs);
  const miss = (address: string) => () => throttle.miss(address);
  for (const address of ['10.0.0.1', '10.0.0.1', '10.0.0.2', '2001:db8::1', '2001:db8::2']) expect(miss(address)).not.toThrow();
  expect(miss('10.0.0.1')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 60 }));
  expect(miss('2001:db8::3')).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  expect(miss('10.0.0.2')).not.toThrow();
  nowMs = 60_000;
  expect(miss('10.0.0.1')).not.toThrow();
});
