import type { Route } from './route.ts';
import { routes, type Routes } from './route-table.ts';

/** A route that erases what one service holds of a tenant. */
export type TenantEraser = Extract<Routes[keyof Routes], { readonly method: 'DELETE'; readonly auth: 'admin' }>;

/**
 * One of each service that holds anything of a tenant. Whoever erases a tenant asks all of them: it is gone once each has
 * answered `erased`.
 */
export const tenantErasers: readonly TenantEraser[] = Object.values<Route>(routes).filter(isEraser);

function isEraser(route: Route): route is TenantEraser {
  return route.method === 'DELETE' && route.auth === 'admin' && route.path === `/admin/v1/${route.service}/tenants/:tenant`;
}
