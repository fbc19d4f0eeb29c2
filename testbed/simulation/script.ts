import type { SeededRandom } from '@driftbox/testkit';

/**
 * What people and fate do. `a`, `b` and `c` pick things from what there is when it happens, so that a shorter script still
 * means something.
 */
export type Step = {
  readonly afterMs: number;
  readonly client: number;
  readonly act: Act;
  readonly a: number;
  readonly b: number;
  readonly c: number;
};

/** By the user of a client, on disk. */
export const userActs = [
  'createFile',
  'createFolder',
  'edit',
  'editSameSize',
  'replace',
  'saveWithBackup',
  'append',
  'rename',
  'move',
  'moveFolder',
  'swap',
  'rotate',
  'deleteFile',
  'deleteFolder',
  'copy',
  'touch',
  'chmod',
  'link',
  'becomeFolder',
  'burst',
  'unpack',
] as const;
/** By somebody at the server's other doors. */
export const webActs = ['untrash', 'restoreRevision', 'webMove', 'webDelete'] as const;
/** By fate. */
export const faultActs = ['kill', 'losePower', 'partition', 'serverDown', 'lockDrive', 'forgetJournal', 'backUp', 'restore'] as const;

/**
 * To a disk: it is unplugged, something takes all that is in its folder, it is full; and what shows whether it tells `a` from
 * `A`: somebody respells a name.
 */
export const diskActs = ['unplug', 'emptyFolder', 'fillDisk', 'respell'] as const;

/** Between people: roles and mounts come and go. By the owner of a drive, and by the person whose home a mount is in. */
export const sharingActs = ['grant', 'revoke', 'demote', 'promote', 'mount', 'moveMount', 'dropMount'] as const;
/** A folder becomes a drive, and a drive a folder. */
export const convertingActs = ['shareFolder', 'unshare'] as const;

export type Act =
  | (typeof sharingActs)[number]
  | (typeof convertingActs)[number]
  | (typeof userActs)[number]
  | (typeof webActs)[number]
  | (typeof faultActs)[number]
  | (typeof diskActs)[number];

/**
 * What a seed is about.
 * - `free`: everybody does everything;
 * - `solo`: one person works, the others only watch: no conflict may come of it;
 * - `keeper`: the same, and this person never throws anything away: nothing may end in the trash.
 */
export type Kind = 'free' | 'solo' | 'keeper';

export type Script = { readonly kind: Kind; readonly steps: readonly Step[] };

const keeperActs: readonly Act[] = [
  'createFile',
  'createFolder',
  'edit',
  'append',
  'rename',
  'move',
  'moveFolder',
  'swap',
  'rotate',
  'touch',
  'chmod',
  'unpack',
];
const largest = 1_000_000;

/** `only` leaves what the seed is about to no chance. */
export function drawScript(random: SeededRandom, clients: number, only?: Kind): Script {
  const kind = only ?? random.pick<Kind>(['free', 'free', 'free', 'solo', 'keeper']);
  const users = kind === 'keeper' ? keeperActs : userActs.filter((act) => kind === 'free' || act !== 'becomeFolder');
  const faults: readonly Act[] = kind === 'free' ? faultActs : ['kill', 'losePower', 'partition', 'serverDown', 'lockDrive'];
  const hasFaults = random.next() < 0.7;
  const hasWeb = kind === 'free' && random.next() < 0.3;
  const pace = random.pick([300, 2_000, 10_000]);
  const length = random.integer(6, 30);
  const steps: Step[] = [];
  for (let n = 0; n < length; n += 1) {
    const chance = random.next();
    const act = hasFaults && chance < 0.15 ? random.pick(faults) : hasWeb && chance < 0.3 ? random.pick(webActs) : random.pick(users);
    const isUsers = (userActs as readonly Act[]).includes(act);
    // The one who works alone keeps what was saved: else the disk itself would be a second author.
    const watcher = random.integer(kind !== 'free' && act === 'losePower' ? 1 : 0, clients - 1);
    const client = kind !== 'free' && isUsers ? 0 : watcher;
    const number = () => random.integer(0, largest);
    // Much at once, then a rest, as people work.
    const afterMs = random.next() < 0.4 ? random.integer(0, 50) : random.integer(0, pace);
    steps.push({ afterMs, client, act, a: number(), b: number(), c: number() });
  }
  return { kind, steps };
}
