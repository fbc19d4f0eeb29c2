import { maxNameBytes, utf8Bytes } from '@driftbox/domain';

/** Bytes that an ending such as `.tar.gz` may have; something longer after a dot is no ending. */
const maxEndingBytes = 20;
const maxDeviceBytes = 80;

/**
 * The name under which the loser of a conflict is kept: `report (conflicted copy of ada-laptop 2026-11-27).pdf`, with a
 * counter when that is taken. It is a name that every file system DriftBox knows can hold if it could hold `name`: at most
 * 255 bytes, NFC, nothing in it from `device` that some system forbids.
 */
export function conflictName(name: string, device: string, date: string, isTaken: (name: string) => boolean): string {
  const { stem, ending } = splitEnding(name);
  for (let count = 1; ; count += 1) {
    const counter = count === 1 ? '' : ` ${count}`;
    const suffix = ` (conflicted copy of ${printable(device)} ${printable(date)}${counter})${ending}`;
    const made = cut(stem, maxNameBytes - utf8Bytes(suffix)) + suffix;
    if (!isTaken(made)) return made;
  }
}

/** `archive.tar.gz` ends in `.tar.gz`, `.profile` and `v1. What is new` in nothing. */
function splitEnding(name: string): { stem: string; ending: string } {
  const ending = /(?<=[^.])(?:\.tar)?\.[^.\s]+$/u.exec(name)?.[0] ?? '';
  if (utf8Bytes(ending) > maxEndingBytes) return { stem: name, ending: '' };
  return { stem: name.slice(0, name.length - ending.length), ending };
}

function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return cut(text.normalize('NFC').replace(/[/\\:*?"<>|\u0000-\u001f\u007f]|\p{Surrogate}/gu, '-'), maxDeviceBytes);
}

/** As many whole characters as fit. NFC stays NFC: only what is at the end goes, and a suffix begins with a space. */
function cut(text: string, bytes: number): string {
  if (utf8Bytes(text) <= bytes) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    used += utf8Bytes(segment);
    if (used > bytes) break;
    kept += segment;
  }
  return kept.trimEnd();
}
