import type { TenantObserved } from './tenant-observed.ts';

/** The storage that a tenant is promised, its own word before its quota's; undefined where nothing bounds it. */
export function effectiveStorage({ spec, quota }: Pick<TenantObserved, 'spec' | 'quota'>): string | undefined {
  return spec?.limits?.storage ?? (quota.kind === 'found' ? quota.spec.storage : undefined);
}

/** The same of files. */
export function effectiveFiles({ spec, quota }: Pick<TenantObserved, 'spec' | 'quota'>): number | undefined {
  return spec?.limits?.files ?? (quota.kind === 'found' ? quota.spec.files : undefined);
}
