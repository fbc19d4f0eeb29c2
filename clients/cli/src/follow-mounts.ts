import type { Client } from '@driftbox/api-client';
import { parseDriveId } from '@driftbox/domain';
import type { Name } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { findRemote, remoteNames, showPath } from './remote-path.ts';

export type Mount = Extract<Entry, { kind: 'mount' }>;

/** A path in the drive that it leads to: the home drive, or a shared one that is mounted on the way, `prefix` names long. */
export type DrivePath = {
  readonly drive: Drive;
  readonly names: readonly Name[];
  readonly prefix: readonly Name[];
  readonly mount: Mount | undefined;
};

/** Follows the first mount on a path from the home drive: there are none beyond. */
export async function followMounts(client: Client, home: Drive, names: readonly Name[]): Promise<DrivePath> {
  for (let depth = 1; depth <= names.length; depth += 1) {
    const found = await findRemote(client, home, names.slice(0, depth));
    if (found.at !== 'entry') break;
    if (found.entry.kind !== 'mount') continue;
    const drive = await client.call(routes.getDrive, { params: { drive: found.entry.mountedDrive } });
    return { drive, names: names.slice(depth), prefix: names.slice(0, depth), mount: found.entry };
  }
  return { drive: home, names, prefix: [], mount: undefined };
}

/** The shared drive that is mounted at a path, or has an id. Throws when it is something else. */
export async function needShared(client: Client, home: Drive, text: string): Promise<DrivePath> {
  const driveId = parseDriveId(text);
  if (driveId !== undefined) {
    const drive = await client.call(routes.getDrive, { params: { drive: driveId } });
    return { drive, names: [], prefix: [], mount: undefined };
  }
  const found = await followMounts(client, home, remoteNames(text));
  if (found.mount !== undefined && found.names.length === 0) return found;
  throw new Problem(
    'not_found',
    `${showPath(remoteNames(text))} is no shared folder: driftbox share makes one of your own, driftbox drives lists others'`,
  );
}
