import { isSameContent, refugePlace, type DiskOutcome, type LocalPath, type Refuge, type Stat } from '@driftbox/sync-client';
import { statOf, type FileTree, type Inode } from '../disk/file-tree.ts';
import { noRoom, type Held } from '../disk/simulated-disk.ts';
import { happens, pause, type Ground, type Process } from '../ground.ts';

/** A mounted folder that things may leave. */
export type RefugeOptions = {
  readonly ground: Ground;
  readonly process: Process;
  readonly tree: FileTree;
  /** Where the folder is, and what of it is known. */
  readonly at: LocalPath;
  readonly held: Held;
  readonly device: string;
  readonly isReadOnly: () => Promise<boolean>;
  /** What is about to be taken out, and that it was. */
  readonly takes: (inode: Inode) => void;
  readonly took: () => void;
};

/** The real refuge's decisions, on a simulated disk. */
export function simulatedRefuge(options: RefugeOptions): Refuge {
  const { ground, process, held, isReadOnly, took, at } = options;
  return {
    isReadOnly,
    take: async (path, seen) => {
      await pause(ground, process);
      const outcome: DiskOutcome = happens(ground, ground.weather.diskFails)
        ? { outcome: 'failed', reason: 'the disk would not', retryable: true }
        : held.isUnplugged
          ? { outcome: 'changed' }
          : takeOut(options, path, seen);
      ground.trace.note(ground.scheduler.nowMs, `disk ${process.client} leaves ${at}/${path} ${outcome.outcome}`);
      if (outcome.outcome === 'done') took();
      await pause(ground, process);
      return outcome;
    },
  };
}

function takeOut({ ground, tree, at, held, device, takes }: RefugeOptions, path: LocalPath, seen: Stat): DiskOutcome {
  const from = `${at}/${path}`;
  const inode = tree.at(from);
  if (inode === undefined || !isSameContent(seen, statOf(inode))) return { outcome: 'changed' };
  takes(inode);
  const slash = at.lastIndexOf('/') + 1;
  const beside = (local: LocalPath): string => at.slice(0, slash) + local;
  const kindAt = (local: LocalPath) => tree.at(beside(local))?.kind;
  const date = new Date(ground.scheduler.nowMs).toISOString().slice(0, 10);
  const { usual, free } = refugePlace(at.slice(slash), path, { kindAt, device, date });
  if (inode.kind === 'folder' && inode.children.size === 0 && kindAt(usual) === 'folder') tree.put(from, undefined);
  else {
    if (held.isFull) return { outcome: 'failed', reason: noRoom, retryable: true };
    for (let end = free.indexOf('/'); end !== -1; end = free.indexOf('/', end + 1)) {
      const folder = beside(free.slice(0, end));
      if (tree.at(folder) === undefined) tree.put(folder, tree.make('folder', {}));
    }
    if (!tree.move(from, beside(free))) return { outcome: 'changed' };
  }
  return { outcome: 'done', stat: undefined };
}
