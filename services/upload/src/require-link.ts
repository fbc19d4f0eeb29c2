import { Problem, type LinkClaims } from '@driftbox/protocol';

/** What share asks for the holder of a link, and nobody else asks at all. Throws `not_found`. */
export function requireLink(
  request: { readonly caller: string; readonly link: LinkClaims | undefined },
  role: LinkClaims['role'],
): LinkClaims {
  const { caller, link } = request;
  if (caller !== 'share' || link === undefined || link.role !== role) throw new Problem('not_found');
  return link;
}
