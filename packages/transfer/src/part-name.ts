import { createHash } from 'node:crypto';
import path from 'node:path';

const pattern = /^\.driftbox-[0-9a-f]{16}\.part$/;

/** The temporary file beside `target` in which a download gathers; the same for the same target, so that a rerun finds it. */
export function partFile(target: string): string {
  const tag = createHash('sha256').update(path.basename(target)).digest('hex').slice(0, 16);
  return path.join(path.dirname(target), `.driftbox-${tag}.part`);
}

/** True for names of such files: unfinished business of this program, never content. */
export function isPartName(name: string): boolean {
  return pattern.test(name);
}
