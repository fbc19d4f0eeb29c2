const entityTag = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** The tags of an `If-Match` or `If-None-Match` header, `*` for any; `undefined` when it is absent or malformed. */
export function parseEntityTags(header: string | undefined): '*' | readonly string[] | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  // A comma may stand inside a tag, so tags are matched rather than split.
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? [];
  const rest = header.replaceAll(/(?:W\/)?"[^"]*"/g, '').replaceAll(/[\s,]/g, '');
  return tags.length === 0 || rest !== '' || !tags.every((tag) => entityTag.test(tag)) ? undefined : tags;
}

function opaque(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}

/** `If-None-Match` by weak comparison (RFC 9110 section 13.1.2): true when the client has the current state, or, for `*`, any. */
export function noneMatchFails(header: string | undefined, current: string | undefined): boolean {
  const tags = parseEntityTags(header);
  if (tags === undefined || current === undefined) return false;
  return tags === '*' || tags.some((tag) => opaque(tag) === opaque(current));
}

/**
 * `If-Match` by strong comparison (RFC 9110 section 13.1.1): true when the state is not one the client named. A malformed
 * header fails: it was meant to guard.
 */
export function matchFails(header: string | undefined, current: string | undefined): boolean {
  if (header === undefined) return false;
  if (current === undefined) return true;
  const tags = parseEntityTags(header);
  if (tags === '*') return false;
  return tags === undefined || current.startsWith('W/') || !tags.includes(current);
}

/** `If-Range` (RFC 9110 section 13.1.5): true when a range may be served. Only strong tags are honoured, dates never. */
export function rangeHolds(ifRange: string | undefined, current: string): boolean {
  return ifRange === undefined || (!current.startsWith('W/') && ifRange === current);
}
