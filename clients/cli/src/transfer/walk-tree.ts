import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { maxTargetBytes, parseName, utf8Bytes } from '@driftbox/domain';
import type { Name } from '@driftbox/domain';
import { fileFacts, isPartName, mtimeMsOf } from '@driftbox/transfer';
import type { LeftOut, LocalItem, RelativePath } from './local-item.ts';

/** One thing that a walk came upon: to be sent, or left out and why. */
export type Walked = { readonly found: LocalItem } | { readonly leftOut: LeftOut };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Everything at and below `root`, folders before what they hold, names in byte order. Links are found, never followed (nor
 * is `root`, if it is one). Left out, each with its reason: sockets, pipes and devices; names that are not valid UTF-8 or
 * that DriftBox cannot hold; the second of two names that are one in NFC; what cannot be read.
 */
export function* walkTree(root: string): Generator<Walked, void> {
  const stack: { path: string; names: RelativePath }[] = [{ path: root, names: [] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, names } = next;
    const seen = look(path, names);
    yield seen;
    if (!('found' in seen) || seen.found.kind !== 'folder') continue;
    const children: { path: string; names: RelativePath }[] = [];
    for (const child of namesIn(path)) {
      if ('why' in child) yield { leftOut: child };
      else children.push({ path: `${path}/${child.onDisk}`, names: [...names, child.name] });
    }
    stack.push(...children.reverse());
  }
}

function look(path: string, names: RelativePath): Walked {
  try {
    const stats = lstatSync(path, { bigint: true });
    if (stats.isDirectory()) return { found: { kind: 'folder', names, path } };
    if (stats.isFile()) return { found: { kind: 'file', ...fileFacts(stats), names, path } };
    if (!stats.isSymbolicLink()) return { leftOut: { path, why: 'is no file, folder or link', fault: false } };
    const target = utf8.decode(readlinkSync(path, { encoding: 'buffer' }));
    if (utf8Bytes(target) > maxTargetBytes) return { leftOut: { path, why: 'links to too long a path', fault: true } };
    return { found: { kind: 'symlink', names, path, target, mtimeMs: mtimeMsOf(stats) } };
  } catch (error) {
    return { leftOut: { path, why: reason(error), fault: true } };
  }
}

/** The names in a folder, in byte order: what they are on disk, and in NFC. */
function namesIn(folder: string): ({ onDisk: string; name: Name } | LeftOut)[] {
  let raw: Buffer[];
  try {
    raw = readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare);
  } catch (error) {
    return [{ path: folder, why: reason(error), fault: true }];
  }
  const taken = new Set<string>();
  return raw.flatMap((bytes): ({ onDisk: string; name: Name } | LeftOut)[] => {
    const shown = `${folder}/${bytes.toString()}`;
    let onDisk: string;
    try {
      onDisk = utf8.decode(bytes);
    } catch {
      return [{ path: shown, why: 'has a name that is not valid UTF-8', fault: true }];
    }
    if (isPartName(onDisk)) return [];
    const parsed = parseName(onDisk);
    if (!parsed.ok) return [{ path: shown, why: `has a name that cannot be kept: ${parsed.detail}`, fault: true }];
    if (taken.has(parsed.name)) return [{ path: shown, why: 'has the name of another one, written differently (NFC)', fault: true }];
    taken.add(parsed.name);
    return [{ onDisk, name: parsed.name }];
  });
}

/** What the operating system says, without its call and path. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    EACCES: 'may not be read or written',
    EPERM: 'may not be read or written',
    ENOENT: 'is gone',
    ENOSPC: 'does not fit: the disk is full',
    ELOOP: 'is a link',
  };
  return known[code ?? ''] ?? (error instanceof TypeError ? 'is not valid UTF-8' : message);
}
