import type { CellSpec } from '@driftbox/resources';
import { canDelegate } from '../version-abilities.ts';

/** What this version cannot do of what a spec asks for, with its field; undefined where it can do all of it. */
export function findUnsupported({ version, postgres, kafka, tls, expose, pools, template }: CellSpec): string | undefined {
  const delegated = Object.entries({ postgres, kafka }).find(([, part]) => part.delegated !== undefined)?.[0];
  if (delegated !== undefined && !canDelegate(version))
    return `spec.${delegated}.delegated: the charts of ${version} make nothing for operators of others; choose a later version`;
  if (pools.length > 1 && !template) return 'spec.pools: the services of a cell keep packs in one pool; name that one alone';
  if (tls?.issuer !== undefined && expose.service !== undefined)
    return 'spec.tls.issuer: the gateway takes a Secret (spec.tls.secret), or has an authority of its own';
  return undefined;
}
