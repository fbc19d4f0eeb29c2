import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Client } from '@driftbox/api-client';
import { can, type DriveId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { moveToFreePlace } from '../disk/give-place.ts';
import { outcomeOfError } from '../disk/outcome-of-error.ts';
import { removeIfEmpty } from '../disk/remove-if-empty.ts';
import type { Root } from '../disk/root.ts';
import { isSameContent, statAt } from '../disk/stat-of.ts';
import type { Refuge } from '../ports/refuge.ts';
import { refugePlace } from '../refuge-place.ts';
import { asLoopErrors } from '../server/as-loop-errors.ts';

/** What a refuge takes: the folder that a drive fills, and what it is told. */
export type RefugeOptions = {
  readonly root: Root;
  readonly client: Client;
  readonly drive: DriveId;
  readonly device: string;
  /** Something was taken out. */
  readonly took: (text: string) => void;
};

/** A folder beside a mounted one, which the drive around it syncs. */
export function createRefuge({ root, client, drive, device, took }: RefugeOptions): Refuge {
  const [parent, mounted] = [path.dirname(root.path), path.basename(root.path)];
  const kindAt = (local: string) => statAt(path.join(parent, local), root.traits)?.kind;
  return {
    isReadOnly: () =>
      asLoopErrors(async () => {
        const { role, kind } = await client.call(routes.getDrive, { params: { drive } });
        return !can({ role }, 'write', { kind });
      }),
    take: async (at, seen) => {
      try {
        const from = root.reach(at);
        if (!isSameContent(seen, statAt(from, root.traits))) return { outcome: 'changed' };
        const date = new Date().toISOString().slice(0, 10);
        const { usual, free } = refugePlace(mounted, at, { kindAt, device, date });
        // What was in it has left before.
        if (seen.kind === 'folder' && kindAt(usual) === 'folder' && removeIfEmpty(from)) return { outcome: 'done', stat: undefined };
        mkdirSync(path.dirname(path.join(parent, free)), { recursive: true });
        moveToFreePlace(root, from, path.join(parent, free), seen.kind);
        took(`${mounted}/${at} may only be read: what was changed is ${free}`);
        return { outcome: 'done', stat: undefined };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
  };
}
