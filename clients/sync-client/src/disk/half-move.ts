import { lstatSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Does what gives a thing its second name and takes the first away, and notes both names for as long: who finds the note was not
 * there at the end of it. Only the death of this process is thought of: after one of the system the note may be gone.
 */
export function betweenNames(folder: string, note: string, first: string, second: string, act: () => void): void {
  try {
    writeFileSync(note, JSON.stringify([first, second].map((name) => path.relative(folder, name))));
  } catch {
    // A move needs no room on a full disk, and is not to fail for want of it.
  }
  try {
    act();
  } finally {
    rmSync(note, { force: true });
  }
}

/**
 * Takes the second name away again if whoever noted it died before the first was gone. A file with two names would be taken for
 * two files, of which somebody made the second. Nothing is lost: both names are of the same bytes, whoever wrote to them since.
 */
export function undoHalfMove(folder: string, note: string): void {
  try {
    const [first = '', second = ''] = readNote(note).map((name) => path.resolve(folder, name));
    const [one, other] = [first, second].map((name) => lstatSync(name, { bigint: true, throwIfNoEntry: false }));
    const isSame = one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
    // One name that is spelt in two ways has one link only.
    if (isSame && one.nlink > 1n && first !== second) unlinkSync(second);
  } catch {
    // It may not be taken away, or no file system has such a name: then two files of the same bytes are synced, or none.
  }
  rmSync(note, { force: true });
}

function readNote(note: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(readFileSync(note, 'utf8'));
    if (Array.isArray(names) && names.length === 2 && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // There is none, or its writer died over it: then nothing had a second name yet.
  }
  return [];
}
