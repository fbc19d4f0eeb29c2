import { maxNameBytes } from '@driftbox/domain';

/**
 * The name with a number before its extension, `report (2).pdf`, cut where it would be longer than a name may be. A name that
 * begins with its only dot has no extension.
 */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 && name.length - dot <= 20 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const tail = ` (${number})${extension}`;
  let cut = stem;
  while (Buffer.byteLength(cut + tail) > maxNameBytes) cut = Array.from(cut).slice(0, -1).join('');
  return cut + tail;
}
