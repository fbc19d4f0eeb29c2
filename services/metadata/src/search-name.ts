/** A name as search compares it: compatibility forms folded, no marks, lower case. Applied to names and to queries alike. */
export function searchName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().normalize('NFC');
}
