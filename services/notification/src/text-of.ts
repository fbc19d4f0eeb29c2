import type { NotificationKind } from '@driftbox/protocol';

type Data = Readonly<Record<string, string>>;

const rights: Readonly<Record<string, string>> = {
  viewer: 'may read',
  editor: 'may read and change',
  manager: 'may change and manage',
  owner: 'own',
};
const uses: Readonly<Record<string, string>> = { download: 'downloaded a file', archive: 'downloaded a folder', upload: 'uploaded a file' };

const texts: Readonly<Record<NotificationKind, (data: Data) => string>> = {
  invitation: ({ inviterName = '', driveName = '', role = '' }) =>
    `${inviterName === '' ? 'Somebody' : inviterName} invites you to "${driveName}" as ${role}`,
  invitation_answered: ({ email = 'Whom you invited', driveName = '', outcome = '' }) =>
    `${email} has ${outcome} your invitation to "${driveName}"`,
  role: ({ driveName = '', entryName = driveName, role }) =>
    role === undefined ? `You no longer have access to "${entryName}"` : `You ${rights[role] ?? 'may use'} "${entryName}" now`,
  link_used: ({ use = '' }) => `Somebody ${uses[use] ?? 'did something'} through a link of yours`,
  device_held: ({ files = 'many' }) =>
    `A device of yours is held: it was about to delete or rewrite ${files} files. Put back what it did, or let it go on: driftbox brake`,
  quota: ({ limit = '', percent = '' }) =>
    `${limit === 'tenant' ? 'Your organisation has' : 'You have'} taken ${percent} % of the space there is` +
    (percent === '100' ? ': nothing more can be saved until something is purged, or the limit raised' : ''),
  content_damaged: ({ name = '', files = '1' }) =>
    `Some of what is stored of "${name}"${files === '1' ? '' : ` and ${Number(files) - 1} more of your files`} cannot be read any more. ` +
    'If you have it on a device, save a copy of it: that makes it whole again',
  webhook_disabled: ({ url = '', reason = '' }) => `The webhook to ${url} was switched off: ${reason}`,
  sign_in_ended: () =>
    'One of your devices was signed out: its sign-in was used twice, as it is by a thief. If in doubt, change your password',
};

/** A notification in words, one line: for the inbox, mails and webhooks alike. */
export function textOf(kind: NotificationKind, data: Data): string {
  return texts[kind](data);
}
