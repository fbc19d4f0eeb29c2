import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { maxTargetBytes, parseName, utf8Bytes } from '@driftbox/domain';
import { isPartName } from '@driftbox/transfer';
import type { Listed, Listing, LocalPath, Stat } from '../ports/disk.ts';
import { reasonOf } from './outcome-of-error.ts';
import { NoWay } from './root.ts';
import type { Root } from './root.ts';
import { statOf } from './stat-of.ts';
import { isOwnName } from './traits.ts';

/** Milliseconds of work in one go, after which everything else of this process gets its turn. */
const turnMs = 10;

/** Looks at folders in turns, so that a large tree does not keep the process from anything else. */
export class FolderLister {
  readonly #root: Root;
  #turnEndsMs = 0;

  constructor(root: Root) {
    this.#root = root;
  }

  /** What is in a folder. Throws `NoWay` where it is none, and what the file system says. */
  async list(folder: LocalPath): Promise<Listing> {
    const absolute = this.#root.reach(folder);
    if (folder !== '' && !lstatSync(absolute).isDirectory()) throw new NoWay(`${folder} is no folder`);
    const names = readdirSync(absolute);
    const found = new Finding(this.#root);
    for (const name of names) {
      if (performance.now() > this.#turnEndsMs) {
        await yieldToOthers();
        this.#turnEndsMs = performance.now() + turnMs;
      }
      found.look(absolute, name);
    }
    return found;
  }
}

const plain = /^[\x20-\x7e]*$/;

class Finding implements Listing {
  readonly entries: Listed[] = [];
  readonly unusable: { name: string; reason: string }[] = [];
  readonly #names = new Set<string>();
  readonly #root: Root;

  constructor(root: Root) {
    this.#root = root;
  }

  look(folder: string, onDisk: string): void {
    const absolute = `${folder}/${onDisk}`;
    if (isOwnName(onDisk) || isPartName(onDisk)) {
      if (isOwnName(onDisk) && folder !== this.#root.path) this.#refuse(onDisk, 'the name is kept for DriftBox itself');
      return;
    }
    const stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) {
      // A name that was not valid UTF-8 cannot be asked for by what it was read as.
      if (onDisk.includes('\ufffd')) this.#refuse(onDisk, 'its name is not valid UTF-8');
      return;
    }
    if (stats.isDirectory() && stats.dev !== this.#root.device) return this.#refuse(onDisk, 'another file system is mounted there');
    const parsed = plain.test(onDisk) ? undefined : parseName(onDisk);
    if (parsed?.ok === false) return this.#refuse(onDisk, parsed.detail);
    const name = parsed?.name ?? onDisk;
    if (parsed !== undefined && this.#names.has(name)) return this.#refuse(onDisk, 'another name here is the same in Unicode NFC');
    if (parsed !== undefined) this.#names.add(name);
    const stat = statOf(stats, this.#root.traits);
    const usable = stat.kind === 'symlink' ? this.#withTarget(absolute, onDisk, stat) : stat;
    if (usable !== undefined) this.entries.push({ name, onDisk, stat: usable });
  }

  #withTarget(absolute: string, onDisk: string, stat: Stat): Stat | undefined {
    try {
      const target = readlinkSync(absolute);
      if (target.includes('\ufffd') || target === '' || utf8Bytes(target) > maxTargetBytes) {
        this.#refuse(onDisk, 'where it leads cannot be written down');
        return undefined;
      }
      return { ...stat, target };
    } catch (error) {
      this.#refuse(onDisk, reasonOf(error));
      return undefined;
    }
  }

  #refuse(name: string, reason: string): void {
    this.unusable.push({ name, reason });
  }
}
