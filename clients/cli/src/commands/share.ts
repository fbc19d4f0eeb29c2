import type { Client } from '@driftbox/api-client';
import { readChoice } from '@driftbox/command-line';
import { entryRoles, type EntryRole } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import type { DrivePath } from '../follow-mounts.ts';
import { grantsOfDrive, grantsOfEntry } from '../grants-at.ts';
import { visible, type Output } from '../output.ts';
import { findRemote, needEntry, remoteNames, showPath } from '../remote-path.ts';

export const share: Command = {
  name: 'share',
  summary: 'Share a folder or a file with others',
  about: 'A folder becomes a drive of its own, mounted where it is. A file, or a folder with --no-sync, stays as it is.',
  synopsis: 'PATH [--with EMAIL]... [--role editor] [--no-sync]',
  example: 'driftbox share /plans --with bob@example.com --role viewer',
  args: { min: 1, max: 1 },
  flags: {
    with: { value: 'EMAIL', many: true, description: 'let this person in, too' },
    role: { value: 'ROLE', description: 'what they may: viewer, editor (the default) or manager' },
    'no-sync': { description: 'let them in to the folder as it is, where it is: nothing is synced or mounted (always so for a file)' },
  },
  run: async ({ connect, output, given }) => {
    const role = readChoice('--role', given.text('role') ?? 'editor', entryRoles);
    const { client, at } = await connect();
    const names = remoteNames(given.arg(0));
    const found = await at(names);
    if (given.on('no-sync') || (await leadsToFile(client, found))) {
      if (given.texts('with').length === 0) throw new UsageError('a single file or folder is shared with somebody: --with EMAIL');
      const { entryId, drive } = await needEntry(client, found.drive, found.names);
      const grants = [];
      for (const email of given.texts('with')) grants.push(await grantsOfEntry(client, drive, entryId).add(email, role));
      tellPeople(output, names, { emails: given.texts('with'), role, seenIn: 'shared' });
      output.result({ path: showPath(names), drive, entryId, grants }, () => [entryId]);
      return exitCodes.ok;
    }
    const isShared = found.mount !== undefined && found.names.length === 0;
    const drive = isShared ? found.drive : await make();
    const grants = [];
    for (const email of given.texts('with')) grants.push(await grantsOfDrive(client, drive.drive).add(email, role));
    tellPeople(output, names, { emails: given.texts('with'), role, seenIn: 'drives' });
    output.result({ path: showPath(names), drive, grants }, () => [drive.drive]);
    return exitCodes.ok;

    // Read after the drive: what comes into the folder in between refuses it, so that nothing is shared unseen.
    async function make() {
      const { entryId, rev: baseRev } = await needEntry(client, found.drive, found.names);
      const from = { drive: found.drive.drive, entryId, baseRev, seenSeq: found.drive.seq };
      return client.call(routes.createDrive, { body: { from } });
    }
  },
};

/** Who is let in, and the command that lists it to them. */
type People = { readonly emails: readonly string[]; readonly role: EntryRole; readonly seenIn: 'drives' | 'shared' };

/** What the id on standard output stands for. */
function tellPeople(output: Output, names: readonly string[], { emails, role, seenIn }: People): void {
  if (output.json) return;
  const path = visible(showPath(names));
  const isAlone = `Shared ${path}, with nobody yet: driftbox members add ${path} EMAIL`;
  const withSome = `Shared ${path} with ${visible(emails.join(', '))} as ${role}: driftbox ${seenIn} lists it to them`;
  output.note(emails.length === 0 ? isAlone : withSome);
}

async function leadsToFile(client: Client, { drive, names }: DrivePath): Promise<boolean> {
  const found = await findRemote(client, drive, names);
  return found.at === 'entry' && found.entry.kind === 'file';
}
