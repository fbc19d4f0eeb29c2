import { existsSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Client } from '@driftbox/api-client';
import { can, type DriveId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { conflictName } from '@driftbox/sync-core';
import { outcomeOfError } from '../disk/outcome-of-error.ts';
import { isSameContent, statAt } from '../disk/stat-of.ts';
import type { Refuge } from '../ports/refuge.ts';
import { asLoopErrors } from '../server/as-loop-errors.ts';

/** What a refuge takes: the folder that a drive fills, and what it is told. */
export type RefugeOptions = {
  readonly folder: string;
  readonly client: Client;
  readonly drive: DriveId;
  readonly device: string;
  /** Something was taken out. */
  readonly took: (text: string) => void;
};

/** A folder under a conflict name beside a mounted one, which the drive around it syncs: one for all that leaves on the same day. */
export function createRefuge({ folder, client, drive, device, took }: RefugeOptions): Refuge {
  return {
    isReadOnly: () =>
      asLoopErrors(async () => {
        const { role, kind } = await client.call(routes.getDrive, { params: { drive } });
        return !can({ role }, 'write', { kind });
      }),
    take: async (at, stat) => {
      const from = path.join(folder, ...at.split('/'));
      try {
        const now = statAt(from, { keepsBirthTimes: !stat.identity.endsWith(':0') });
        if (!isSameContent(stat, now)) return { outcome: 'changed' };
        const beside = refugeOf(folder, device);
        const target = path.join(beside, ...at.split('/'));
        mkdirSync(path.dirname(target), { recursive: true });
        const free = freeName(target, device);
        renameSync(from, free);
        took(
          `${path.basename(folder)}/${at} may only be read: what was changed is ${path.basename(beside)}/${path.relative(beside, free)}`,
        );
        return { outcome: 'done', stat };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
  };
}

function refugeOf(folder: string, device: string): string {
  const parent = path.dirname(folder);
  // A file of that name is no place for others; a folder is one from before.
  const isTaken = (name: string): boolean => lstatSync(path.join(parent, name), { throwIfNoEntry: false })?.isDirectory() === false;
  return path.join(parent, conflictName(path.basename(folder), device, today(), isTaken));
}

/** Where something of that name may be put without replacing anything. */
function freeName(target: string, device: string): string {
  if (!existsSync(target)) return target;
  const parent = path.dirname(target);
  return path.join(
    parent,
    conflictName(path.basename(target), device, today(), (name) => existsSync(path.join(parent, name))),
  );
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
