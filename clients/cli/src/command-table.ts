import type { Command } from './command.ts';

/** Commands that belong together, under the title that the program's help gives them. */
export type CommandGroup = { readonly title: string; readonly commands: readonly Command[] };

/** Every command by its name, in the order of the help. Adding one is adding its file and a line here: whoever runs one loads it alone. */
const table: Readonly<Record<string, Readonly<Record<string, () => Promise<Command>>>>> = {
  You: {
    signup: async () => (await import('./commands/signup.ts')).signup,
    login: async () => (await import('./commands/login.ts')).login,
    logout: async () => (await import('./commands/logout.ts')).logout,
    password: async () => (await import('./commands/password.ts')).password,
    confirm: async () => (await import('./commands/confirm.ts')).confirm,
    whoami: async () => (await import('./commands/whoami.ts')).whoami,
    devices: async () => (await import('./commands/devices.ts')).devices,
    usage: async () => (await import('./commands/usage.ts')).usage,
    notifications: async () => (await import('./commands/notifications.ts')).notifications,
  },
  Files: {
    ls: async () => (await import('./commands/ls.ts')).ls,
    put: async () => (await import('./commands/put.ts')).put,
    get: async () => (await import('./commands/get.ts')).get,
    mkdir: async () => (await import('./commands/mkdir.ts')).mkdir,
    mv: async () => (await import('./commands/mv.ts')).mv,
    rm: async () => (await import('./commands/rm.ts')).rm,
    search: async () => (await import('./commands/search.ts')).search,
    tag: async () => (await import('./commands/tag.ts')).tag,
  },
  'Earlier states': {
    history: async () => (await import('./commands/history.ts')).history,
    activity: async () => (await import('./commands/activity.ts')).activity,
    trash: async () => (await import('./commands/trash.ts')).trash,
    restore: async () => (await import('./commands/restore.ts')).restore,
    undo: async () => (await import('./commands/undo.ts')).undo,
    brake: async () => (await import('./commands/brake.ts')).brake,
  },
  'A folder kept in sync': {
    sync: async () => (await import('./commands/sync.ts')).sync,
    status: async () => (await import('./commands/status.ts')).status,
    pause: async () => (await import('./commands/pause.ts')).pause,
    resume: async () => (await import('./commands/resume.ts')).resume,
    conflicts: async () => (await import('./commands/conflicts.ts')).conflicts,
    log: async () => (await import('./commands/log.ts')).log,
  },
  'People who share': {
    share: async () => (await import('./commands/share.ts')).share,
    unshare: async () => (await import('./commands/unshare.ts')).unshare,
    members: async () => (await import('./commands/members.ts')).members,
    invite: async () => (await import('./commands/invite.ts')).invite,
    invitations: async () => (await import('./commands/invitations.ts')).invitations,
    groups: async () => (await import('./commands/groups.ts')).groups,
    shared: async () => (await import('./commands/shared.ts')).shared,
    drives: async () => (await import('./commands/drives.ts')).drives,
    mount: async () => (await import('./commands/mount.ts')).mount,
    leave: async () => (await import('./commands/leave.ts')).leave,
  },
  'People without an account': {
    link: async () => (await import('./commands/link.ts')).link,
    request: async () => (await import('./commands/request.ts')).request,
    fetch: async () => (await import('./commands/fetch.ts')).fetchShared,
    url: async () => (await import('./commands/url.ts')).url,
  },
  'Machines and administrators': {
    webhooks: async () => (await import('./commands/webhooks.ts')).webhooks,
    admin: async () => (await import('./commands/admin.ts')).admin,
    completion: async () => (await import('./commands/completion.ts')).completion,
  },
};

const commands = Object.assign({}, ...Object.values(table)) as (typeof table)[string];

/** The name of every command, in the order of the help. */
export const commandNames: readonly string[] = Object.keys(commands);

/** Loads the command of this name; undefined where there is none. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(commands, name) ? commands[name]?.() : undefined;
}

/** Loads every command. */
export async function loadCommands(): Promise<readonly CommandGroup[]> {
  const groups = Object.entries(table).map(async ([title, group]) => {
    return { title, commands: await Promise.all(Object.values(group).map((load) => load())) };
  });
  return Promise.all(groups);
}
