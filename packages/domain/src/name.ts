import type { Brand } from './brand.ts';
import { maxNameBytes } from './limits.ts';

/** A name that passed `parseName`. */
export type Name = Brand<string, 'Name'>;

/** Why a text is not a name or a path; `detail` is safe to show. */
export type BadName = { readonly ok: false; readonly detail: string };
export type ParsedName = { readonly ok: true; readonly name: Name } | BadName;

const encoder = new TextEncoder();

/** Bytes of `text` in UTF-8. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/**
 * The only maker of names. Normalises to NFC, so that one name typed on two systems is one name, and refuses what some
 * file system or protocol could not carry or would read as something else: nothing, `.`, `..`, `/`, NUL, lone
 * surrogates (which UTF-8 cannot express), more than `maxNameBytes`.
 */
export function parseName(text: string): ParsedName {
  // Measured before normalising too: NFC of a huge text is work that nobody should get for free.
  if (text.length > 4 * maxNameBytes) return refuse(`a name has at most ${maxNameBytes} bytes`);
  if (!text.isWellFormed()) return refuse('a name is valid Unicode');
  const name = text.normalize('NFC');
  if (name === '') return refuse('a name is not empty');
  if (name === '.' || name === '..') return refuse('a name is not . or ..');
  if (name.includes('/')) return refuse('a name has no /');
  if (name.includes('\0')) return refuse('a name has no NUL');
  if (utf8Bytes(name) > maxNameBytes) return refuse(`a name has at most ${maxNameBytes} bytes`);
  return { ok: true, name: name as Name };
}

function refuse(detail: string): BadName {
  return { ok: false, detail };
}
