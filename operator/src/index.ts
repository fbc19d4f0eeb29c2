export * from './runtime/index.ts';
export { createOperator, type Operator, type OperatorOptions } from './app.ts';
export type { Follow, KindParts } from './kind-parts.ts';
export { resourceKindOf } from './resource-kind-of.ts';
export type { CellDoor, OpenCell } from './tenant/cell-door.ts';
export { createCellDoor } from './tenant/create-cell-door.ts';
export { createTenants, type Tenants } from './tenant/create-tenants.ts';
export { probeGateway } from './tenant/probe-gateway.ts';
export { configMapKind, secretKind, tenantResource, type ConfigMap, type Secret, type Tenant } from './tenant/tenant.ts';
