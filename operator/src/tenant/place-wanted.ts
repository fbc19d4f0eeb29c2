import { dedicatedCellName, isDedicated } from './dedicated-cell.ts';
import { placeTenant, type Placement } from '@driftbox/resources';
import { effectiveStorage } from './effective-limits.ts';
import type { TenantObserved } from './tenant-observed.ts';

/** Where a Tenant that has no place yet would go. */
export function placeWanted(observed: TenantObserved): Placement {
  const { spec, cells, pools, quota, tenantId } = observed;
  if (spec === undefined) return { kind: 'waiting', reason: 'Waiting', message: 'its spec is wrong' };
  if (quota.kind === 'unusable') return { kind: 'stalled', reason: 'ReferenceMissing', message: quota.why };
  const wish = { isolation: spec.isolation, pool: spec.pool, storage: effectiveStorage(observed) };
  if (!isDedicated(observed)) return placeTenant(wish, cells, pools);
  const name = spec.isolation.dedicated?.template ?? '';
  const template = cells.find((cell) => cell.name === name);
  if (template === undefined) return { kind: 'stalled', reason: 'ReferenceMissing', message: `there is no Cell ${name}` };
  if (!template.spec.template)
    return { kind: 'stalled', reason: 'ReferenceMissing', message: `Cell ${name} is none with template: true, so none is made after it` };
  const own = {
    ...template,
    name: dedicatedCellName(tenantId),
    spec: { ...template.spec, template: false },
    tenants: 0,
    isToBeMade: true,
  } as const;
  return placeTenant({ ...wish, isolation: { shared: { cell: own.name } } }, [own], pools);
}
