import { describe, expect, test } from '@jest/globals';
import { can, canGrant, entryRoles, roles, targetKinds, verbs } from './role.ts';
import type { EntryRole, Role, TargetKind, Verb } from './role.ts';

/** Who may what, spelled out once more: `-` for nobody. Every verb is here, or the test does not compile. */
const matrix: { readonly [V in Verb]: readonly [verb: V, onHome: string, onShared: string, onEntry: string] } = {
  read: ['read', 'viewer editor manager owner', 'viewer editor manager owner', 'viewer editor manager'],
  write: ['write', 'editor manager owner', 'editor manager owner', 'editor manager'],
  link: ['link', 'editor manager owner', 'editor manager owner', '-'],
  purge: ['purge', 'manager owner', 'manager owner', '-'],
  grant: ['grant', '-', 'manager owner', '-'],
  grantEntry: ['grantEntry', 'manager owner', 'manager owner', 'manager'],
  rename: ['rename', 'manager owner', 'manager owner', '-'],
  share: ['share', 'owner', '-', '-'],
  unshare: ['unshare', '-', 'owner', '-'],
  transfer: ['transfer', '-', 'owner', '-'],
  delete: ['delete', '-', 'owner', '-'],
};
const held: readonly (Role | null | undefined)[] = [...roles, undefined, null];
const heldOnEntry: readonly (EntryRole | null | undefined)[] = [...entryRoles, undefined, null];

describe.each(targetKinds)('on a %s drive', (kind: TargetKind) => {
  test.each(verbs)('who may %s', (verb) => {
    const allowed = held.filter((role) => can({ role }, verb, { kind }));
    expect(allowed.join(' ') || '-').toBe(matrix[verb][kind === 'home' ? 1 : 2]);
  });

  test('whoever may something may all that lesser roles may, and a stranger nothing', () => {
    const allowed = roles.map((role) => verbs.filter((verb) => can({ role }, verb, { kind })));
    for (const [at, some] of allowed.entries()) expect(some).toEqual(expect.arrayContaining(allowed[at - 1] ?? []));
    expect(verbs.filter((verb) => can({ role: undefined }, verb, { kind }))).toEqual([]);
  });
});

describe.each(targetKinds)('on an entry of a %s drive', (kind: TargetKind) => {
  test.each(verbs)('who may %s by a role on it', (verb) => {
    const allowed = heldOnEntry.filter((entryRole) => can({ role: undefined, entryRole }, verb, { kind }));
    expect(allowed.join(' ') || '-').toBe(matrix[verb][3]);
  });

  test('a role on the entry adds to the one on the drive and takes nothing', () => {
    for (const role of held) {
      for (const entryRole of heldOnEntry) {
        for (const verb of verbs) {
          const may = can({ role }, verb, { kind }) || can({ role: undefined, entryRole }, verb, { kind });
          expect([role, entryRole, verb, can({ role, entryRole }, verb, { kind })]).toEqual([role, entryRole, verb, may]);
        }
      }
    }
  });
});

describe('a role is given, changed and taken', () => {
  const some = [undefined, ...roles];
  test.each(held)('by %s', (role) => {
    const may = role === 'manager' || role === 'owner';
    for (const before of some) {
      for (const after of some) {
        const ofOwner = before === 'owner' || after === 'owner';
        expect([before, after, canGrant({ role }, { kind: 'shared' }, before, after)]).toEqual([before, after, may && !ofOwner]);
        expect(canGrant({ role }, { kind: 'home' }, before, after)).toBe(false);
      }
    }
  });
});
