import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseDeviceId, tenantRoles } from '@driftbox/domain';
import fc from 'fast-check';
import { mayInvite } from './invite-user.ts';
import { defaultSchedule, planRotation, signerAt } from './key-ring.ts';
import { judgeToken } from './refresh-session.ts';
import { openKey, sealKey } from './seal-key.ts';
import { mayJoin } from './join-tenant.ts';
import type { SigningKeyRow } from './store/list-signing-keys.ts';
import { attemptKeys, defaultThrottle, mayAttempt } from './throttle.ts';

describe('signing keys', () => {
  test("are sealed under their id and the cell's secret", () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const sealed = sealKey('secret', 'k1', privateKey);
    expect(openKey('secret', 'k1', sealed).equals(privateKey)).toBe(true);
    expect(() => openKey('other', 'k1', sealed)).toThrow();
    expect(() => openKey('secret', 'k2', sealed)).toThrow();
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openKey('secret', 'k1', changed)).toThrow();
    }
  });

  test('whenever rotation runs, a key signs that has been published long enough, and verifiers keep what they may meet', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40 * 86_400_000), { minLength: 1, maxLength: 30 }), (steps) => {
        const { publishMs, keepMs } = defaultSchedule;
        let rows: SigningKeyRow[] = [];
        let nowMs = 0;
        let signed: { keyId: string; atMs: number } | undefined;
        for (const step of [0, ...steps]) {
          nowMs += step;
          if (rows.length > 0) signed = { keyId: signerAt(rows, nowMs)?.keyId ?? '', atMs: nowMs };
          const plan = planRotation(rows, nowMs, defaultSchedule);
          const fresh = plan.add && {
            keyId: `k${nowMs}`,
            publicKey: {},
            sealedKey: Buffer.alloc(0),
            createdMs: nowMs,
            signsFromMs: plan.add.signsFromMs,
          };
          const first = rows.length === 0;
          rows = [...rows, ...(fresh ? [fresh] : [])].filter((row) => !plan.remove.includes(row.keyId));
          const signer = signerAt(rows, nowMs);
          expect(signer).toBeDefined();
          if (!first && signer === fresh) throw new Error('a key signed as soon as it was made');
          if (!first && fresh) expect(fresh.signsFromMs - nowMs).toBe(publishMs);
          if (signed !== undefined && nowMs - signed.atMs < keepMs) expect(rows.map((row) => row.keyId)).toContain(signed.keyId);
        }
        expect(rows.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

describe('refresh tokens', () => {
  const token = { endedMs: null, expiresMs: 1_000_000, usedMs: null, exchanged: false, successorUsed: false };
  test.each([
    ['fresh', token, 'exchange'],
    ['expired', { ...token, expiresMs: 50_000 }, 'refuse'],
    ['of an ended session', { ...token, endedMs: 1 }, 'refuse'],
    ['exchanged, its answer lost', { ...token, usedMs: 1, exchanged: true }, 'exchange'],
    ['exchanged, and its successor too', { ...token, usedMs: 95_000, exchanged: true, successorUsed: true }, 'end-session'],
    ['used up by another answer of its exchange', { ...token, usedMs: 95_000 }, 'end-session'],
    ['exchanged, of an ended session', { ...token, usedMs: 80_000, exchanged: true, endedMs: 90_000 }, 'refuse'],
  ] as const)('%s', (_what, row, verdict) => expect(judgeToken(row, 100_000)).toBe(verdict));
});

describe('who may join', () => {
  const offer = { first: false };
  test.each([
    ['open', undefined, true],
    ['open', offer, true],
    ['invite', undefined, false],
    ['invite', offer, true],
    ['closed', undefined, false],
    ['closed', offer, false],
    ['closed', { first: true }, true],
  ] as const)('%s with %j: %s', (signUp, invitation, may) => {
    expect(mayJoin({ signUp }, invitation)).toBe(may);
  });

  test('nobody invites above themselves, and members not at all', () => {
    const may = tenantRoles.flatMap((role) =>
      tenantRoles.filter((offered) => mayInvite(role, offered)).map((offered) => `${role} ${offered}`),
    );
    expect(may).toEqual(['owner owner', 'owner admin', 'owner member', 'owner guest', 'admin admin', 'admin member', 'admin guest']);
  });
});

describe('throttling', () => {
  const device = parseDeviceId('33333333-3333-4333-8333-333333333333');
  const limits = defaultThrottle;

  test('a known device has a count that no stranger touches', () => {
    const known = attemptKeys('a@example.com', '192.0.2.1', device);
    const stranger = attemptKeys('a@example.com', '192.0.2.1', undefined);
    expect(known.kind).toBe('known-device');
    const text = JSON.stringify(stranger);
    if (known.kind === 'known-device') expect(text).not.toContain(JSON.stringify(known.device));
  });

  test('an address alone refuses nobody, whatever it has done', () => {
    fc.assert(
      fc.property(fc.nat(), (address) => {
        expect(mayAttempt({ kind: 'stranger', pair: 1, address, identity: 1 }, limits)).toBe(true);
      }),
    );
  });

  test('more attempts never open what fewer had closed', () => {
    const counts = fc.record({ pair: fc.nat(20), address: fc.nat(200), identity: fc.nat(200) });
    fc.assert(
      fc.property(counts, counts, (less, more) => {
        const sum = {
          kind: 'stranger' as const,
          pair: less.pair + more.pair,
          address: less.address + more.address,
          identity: less.identity + more.identity,
        };
        if (!mayAttempt({ kind: 'stranger', ...less }, limits)) expect(mayAttempt(sum, limits)).toBe(false);
      }),
    );
  });

  test('addresses of one IPv6 network count together', () => {
    const of = (address: string) => attemptKeys('a@example.com', address, undefined);
    expect(of('2001:db8:1:2::1')).toEqual(of('2001:db8:1:2:ffff::2'));
    expect(of('2001:db8:1:2::1')).not.toEqual(of('2001:db8:1:3::1'));
  });
});
