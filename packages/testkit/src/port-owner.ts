import { readdir, readFile, readlink } from 'node:fs/promises';

/** The state LISTEN in `/proc/net/tcp` (proc(5)). */
const listening = '0A';

/**
 * True when process `pid` itself listens on the TCP port. "Something answers there" is not enough: another server that
 * took the port first would be used in its place. Where the system has no `/proc` it answers true, and the server's own
 * answer has to prove who it is.
 */
export async function ownsPort(pid: number, port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) return false;
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch((): string[] => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return targets.some((target) => sockets.has(target));
}

/** The sockets that listen on the port, as a process's descriptors name them. */
async function listeningSockets(port: number): Promise<Set<string>> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  return new Set(rows.filter((row) => row[1]?.endsWith(suffix) === true && row[3] === listening).map((row) => `socket:[${row[9]}]`));
}
