import assert from 'node:assert/strict';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { stringify } from 'yaml';
import { cellGateway, cellNamespace } from './cell-place.ts';
import type { Manifest } from './manifest.ts';
import { parseQuantity } from './quantity.ts';
import type { ReadResource } from './read-resources.ts';
import type { CellSpec } from './tenant/judge-hosts.ts';
import { placeTenant, type PlaceableCell, type PlaceablePool } from './tenant/place-tenant.ts';
import { renderTenant, type RenderedTenant } from './tenant/render-tenant.ts';
import type { PoolSpec, QuotaSpec, TenantSpec } from './tenant/tenant-intent.ts';

/** What resources come to, as far as that can be known without a cluster. */
export type RenderedResources = {
  readonly objects: readonly Manifest[];
  /** What the services are told of each tenant. */
  readonly intents: readonly RenderedTenant['intent'][];
  /** What is left out because something is missing or does not fit, a sentence each. */
  readonly problems: readonly string[];
  /** What to know about the rest, a sentence each. */
  readonly notes: readonly string[];
};

/** Stands where the cluster gives an id. */
const unknownId = idOf('00000000-0000-0000-0000-000000000000');

/** Renders Tenants as the operator would bring them about, each in a cell of these resources, as if there were no others. */
export function renderResources(resources: readonly ReadResource[], namespace: string): RenderedResources {
  const all = resourcesOf(resources);
  const placed = new Map<string, number>();
  const parts = all.tenants.map(({ name, spec }) => renderOne(name, spec, all, placed, namespace));
  const cells = all.cells.filter((cell) => !cell.spec.template);
  return {
    objects: parts.flatMap(({ rendered }) => rendered?.objects ?? []),
    intents: parts.flatMap(({ rendered }) => (rendered === undefined ? [] : [rendered.intent])),
    problems: parts.flatMap(({ problems }) => problems),
    notes: [
      ...(all.tenants.some(({ spec }) => spec.adopt === undefined)
        ? [`the id ${unknownId} stands for the one that the cluster gives`]
        : []),
      ...cells.map(
        ({ name }) => `Cell ${name} becomes the namespace ${cellNamespace(name)} and Helm releases in it, which \`helm template\` shows`,
      ),
    ],
  };
}

/** Manifests as a YAML stream that kubectl takes. */
export function writeManifests(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => `---\n${stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })}`).join('');
}

type Known = {
  readonly tenants: readonly { readonly name: string; readonly spec: TenantSpec }[];
  readonly quotas: ReadonlyMap<string, QuotaSpec>;
  readonly cells: readonly PlaceableCell[];
  readonly pools: readonly PlaceablePool[];
};

function resourcesOf(resources: readonly ReadResource[]): Known {
  const of = <Spec>(kind: string) => resources.filter((one) => one.kind === kind).map(({ name, spec }) => ({ name, spec: spec as Spec }));
  return {
    tenants: of<TenantSpec>('Tenant'),
    quotas: new Map(of<QuotaSpec>('Quota').map(({ name, spec }) => [name, spec])),
    cells: of<CellSpec>('Cell').map(({ name, spec }) => ({ name, spec, labels: {}, isReady: true, isGoing: false, tenants: 0 })),
    pools: of<PoolSpec>('StoragePool').map(({ name, spec }) => ({
      name,
      isGoing: false,
      capacityBytes: spec.capacity === undefined ? undefined : parseQuantity(spec.capacity),
      promisedBytes: 0n,
    })),
  };
}

type Part = { readonly rendered?: RenderedTenant; readonly problems: readonly string[] };

function renderOne(name: string, spec: TenantSpec, known: Known, placed: Map<string, number>, namespace: string): Part {
  const wrong = (what: string): Part => ({ problems: [`Tenant ${name}: ${what}`] });
  const quota = spec.quota === undefined ? undefined : known.quotas.get(spec.quota);
  if (spec.quota !== undefined && quota === undefined) return wrong(`there is no Quota ${spec.quota} in these files`);
  if (spec.isolation.dedicated !== undefined)
    return wrong(`it gets a Cell of its own after ${spec.isolation.dedicated.template}, named when its id is known; this is not rendered`);
  const cells = known.cells.map((cell) => ({ ...cell, tenants: placed.get(cell.name) ?? 0 }));
  const place = placeTenant({ ...spec, storage: spec.limits?.storage ?? quota?.storage }, cells, known.pools);
  if (place.kind !== 'placed') return wrong(`${place.message} in these files`);
  const cell = cells.find((one) => one.name === place.cell);
  assert(cell !== undefined, 'it was chosen from them');
  placed.set(cell.name, cell.tenants + 1);
  const exposure = { name: cell.name, namespace: cellNamespace(cell.name), gatewayService: cellGateway(cell.name), spec: cell.spec };
  const tenantId = spec.adopt === undefined ? unknownId : idOf(spec.adopt);
  const rendered = renderTenant({ name, tenantId, uid: unknownId, spec, quota, cell: exposure, pool: place.pool, namespace });
  const { unreachable } = rendered;
  return {
    rendered,
    problems: unreachable.map((host) => `Tenant ${name}: nothing leads to ${host}: Cell ${cell.name} has neither Ingress nor Gateway`),
  };
}

function idOf(text: string): TenantId {
  const id = parseTenantId(text);
  assert(id !== undefined, `${text} is an id`);
  return id;
}
