import type { Command } from './command.ts';
import { activity } from './commands/activity.ts';
import { admin } from './commands/admin.ts';
import { brake } from './commands/brake.ts';
import { completion } from './commands/completion.ts';
import { confirm } from './commands/confirm.ts';
import { conflicts } from './commands/conflicts.ts';
import { devices } from './commands/devices.ts';
import { drives } from './commands/drives.ts';
import { fetchShared } from './commands/fetch.ts';
import { get } from './commands/get.ts';
import { groups } from './commands/groups.ts';
import { history } from './commands/history.ts';
import { invitations } from './commands/invitations.ts';
import { invite } from './commands/invite.ts';
import { leave } from './commands/leave.ts';
import { link } from './commands/link.ts';
import { log } from './commands/log.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { ls } from './commands/ls.ts';
import { members } from './commands/members.ts';
import { mkdir } from './commands/mkdir.ts';
import { mount } from './commands/mount.ts';
import { mv } from './commands/mv.ts';
import { notifications } from './commands/notifications.ts';
import { password } from './commands/password.ts';
import { pause } from './commands/pause.ts';
import { put } from './commands/put.ts';
import { request } from './commands/request.ts';
import { restore } from './commands/restore.ts';
import { resume } from './commands/resume.ts';
import { rm } from './commands/rm.ts';
import { search } from './commands/search.ts';
import { share } from './commands/share.ts';
import { shared } from './commands/shared.ts';
import { signup } from './commands/signup.ts';
import { status } from './commands/status.ts';
import { sync } from './commands/sync.ts';
import { tag } from './commands/tag.ts';
import { trash } from './commands/trash.ts';
import { undo } from './commands/undo.ts';
import { unshare } from './commands/unshare.ts';
import { url } from './commands/url.ts';
import { usage } from './commands/usage.ts';
import { webhooks } from './commands/webhooks.ts';
import { whoami } from './commands/whoami.ts';

/** Commands that belong together, under the title that the program's help gives them. */
export type CommandGroup = { readonly title: string; readonly commands: readonly Command[] };

/** Every command, in the order of the help. Adding one is adding its file and one word here. */
export const commandGroups: readonly CommandGroup[] = [
  { title: 'You', commands: [signup, login, logout, password, confirm, whoami, devices, usage, notifications] },
  { title: 'Files', commands: [ls, put, get, mkdir, mv, rm, search, tag] },
  { title: 'Earlier states', commands: [history, activity, trash, restore, undo, brake] },
  { title: 'A folder kept in sync', commands: [sync, status, pause, resume, conflicts, log] },
  { title: 'People who share', commands: [share, unshare, members, invite, invitations, groups, shared, drives, mount, leave] },
  { title: 'People without an account', commands: [link, request, fetchShared, url] },
  { title: 'Machines and administrators', commands: [webhooks, admin, completion] },
];

/** Every command. */
export const commands: readonly Command[] = commandGroups.flatMap((group) => group.commands);
