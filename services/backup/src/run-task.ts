import { createBackup, removeBackup, restoreBackup, type Cell, type Destination, type RestoreTarget, type Tell } from '@driftbox/backup';
import { Problem } from '@driftbox/protocol';

/** What one run does. */
export type Task =
  | { readonly do: 'create'; readonly point: string }
  | { readonly do: 'remove'; readonly point: string }
  | { readonly do: 'restore'; readonly point: string; readonly into: RestoreTarget };

/** What came of it, in figures. */
export type Outcome = Readonly<Record<string, string | number>>;

/** Does the task. Any of them may be repeated, also after a run that died: it goes on, or finds everything done. */
export async function runTask(
  cell: Cell,
  destination: Destination,
  task: Task,
  { tell, signal }: { readonly tell: Tell; readonly signal: AbortSignal },
): Promise<Outcome> {
  if (task.do === 'create') {
    const { resumed: _, damaged, ...made } = await createBackup(cell, destination, { tell, signal, wantedId: task.point });
    return { ...made, damaged: damaged.length };
  }
  if (task.do === 'remove') {
    const { packs, bytes } = await removeBackup(destination, task.point, { owner: task.point, signal }).catch(nothingIfGone);
    return { packs, bytes };
  }
  const { rows, chunks, takenAt, drives, sentChunks, sentBytes, damaged } = await restoreBackup(cell, destination, task.point, task.into, {
    tell,
    signal,
  });
  return { takenAt, drives: drives.length, rows, chunks, sentChunks, sentBytes, damaged: damaged.length };
}

/** An earlier run has removed it, or there never was one. */
function nothingIfGone(error: unknown): { readonly packs: number; readonly bytes: number } {
  if (error instanceof Problem && error.code === 'not_found') return { packs: 0, bytes: 0 };
  throw error;
}
