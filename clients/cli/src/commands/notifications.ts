import type { Client } from '@driftbox/api-client';
import { notificationKinds, routes, type Notification, type Preferences, type PreferencesPatch } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { showTime, visible } from '../output.ts';
import { readAction } from '../read-action.ts';

const actions = ['list', 'read', 'settings', 'set'] as const;
const channels = { inbox: 'inApp', email: 'email' } as const;
const digests = ['off', 'hourly', 'daily'] as const;

export const notifications: Command = {
  name: 'notifications',
  summary: 'List what you were told, mark it as read, and say of what you are told',
  synopsis: [
    '[list] [--unread] [--all]',
    'read [ID]...',
    'settings',
    'set KIND inbox|email on|off',
    'set digest off|hourly|daily',
    'set quiet FROM-TO|off',
    'set time-zone ZONE',
  ],
  example: 'driftbox notifications set link_used inbox off',
  args: { min: 0, max: 1001 },
  flags: {
    unread: { description: 'with list: only what is unread' },
    all: { description: 'with list: everything of the last 90 days, instead of the newest hundred' },
  },
  completes: actions,
  run: async ({ connect, output, given }) => {
    const [first = 'list', ...rest] = given.args;
    const action = readAction(first, actions);
    if ((action === 'list' || action === 'settings') && rest.length > 0) throw new UsageError(`${action} takes no arguments`);
    const patch = action === 'set' ? patchOf(rest) : undefined;
    const { client } = await connect();
    if (action === 'list') {
      const listed = await list(client, given.on('unread') ? 'unread' : 'all', given.on('all'));
      output.result(listed, () => [...listed.items.map(line), `${listed.unread} unread`]);
    } else if (action === 'read') {
      const answer = await client.call(routes.readInbox, { body: rest.length === 0 ? {} : { notifications: rest } });
      output.result(answer, () => [`${answer.unread} unread`]);
    } else {
      const settings =
        patch === undefined ? await client.call(routes.getPreferences) : await client.call(routes.updatePreferences, { body: patch });
      output.result(settings, () => settingLines(settings));
    }
    return exitCodes.ok;
  },
};

async function list(client: Client, of: 'all' | 'unread', everything: boolean): Promise<{ items: Notification[]; unread: number }> {
  const items: Notification[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await client.call(routes.listInbox, { query: { of, cursor, limit: everything ? 1000 : 100 } });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (!everything || cursor === undefined) return { items, unread: page.unread };
  }
}

function patchOf(words: readonly string[]): PreferencesPatch {
  const [what = '', value = ''] = words;
  if (words.length !== 2) return kindPatch(words);
  if (what === 'time-zone') return { email: { timeZone: value } };
  if (what === 'quiet') {
    const [, from, to] = /^([0-9:]+)-([0-9:]+)$/.exec(value) ?? [];
    if (value === 'off') return { email: { quiet: null } };
    if (from === undefined || to === undefined) throw new UsageError('quiet takes times such as 22:00-07:00, or off');
    return { email: { quiet: { from, to } } };
  }
  const digest = digests.find((one) => one === value);
  if (what !== 'digest' || digest === undefined)
    throw new UsageError(`set takes a kind, or digest ${digests.join('|')}, quiet or time-zone`);
  return { email: { digest } };
}

function kindPatch(words: readonly string[]): PreferencesPatch {
  const [kind = '', channel = '', how = ''] = words;
  const known = notificationKinds.find((one) => one === kind);
  if (known === undefined) throw new UsageError(`the kind is one of ${notificationKinds.join(', ')}`);
  const named = Object.keys(channels).find((one) => one === channel) as keyof typeof channels | undefined;
  if (named === undefined) throw new UsageError(`the channel is one of ${Object.keys(channels).join(', ')}`);
  if (words.length !== 3 || (how !== 'on' && how !== 'off')) throw new UsageError('set takes a kind, a channel, and on or off');
  return { kinds: { [known]: { [channels[named]]: how === 'on' } } };
}

function line({ notificationId, text, at, readAt }: Notification): string {
  return `${readAt === undefined ? '*' : ' '} ${notificationId}  ${showTime(at)}  ${visible(text)}`;
}

function settingLines({ kinds, email }: Preferences): string[] {
  const { digest, quiet, timeZone } = email;
  const lines = notificationKinds.map((kind) => {
    const ways = Object.entries(channels).map(([name, field]) => `${name} ${kinds[kind][field] ? 'on' : 'off'}`);
    return `${kind}: ${ways.join(', ')}`;
  });
  return [...lines, `digest: ${digest}`, `quiet: ${quiet === null ? 'off' : `${quiet.from}-${quiet.to}`}`, `time-zone: ${timeZone}`];
}
