import { readdir, readFile } from 'node:fs/promises';

/** A process and all below it, as `/proc` tells; none where there is no such process. */
export async function processTree(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name of the program, in brackets, may hold anything; what follows it does not (proc(5)).
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found = parents.has(pid) ? [pid] : [];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}
