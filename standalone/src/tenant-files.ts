import { readFile } from 'node:fs/promises';
import { readResources, type QuotaSpec, type ReadResource, type TenantSpec } from '@driftbox/resources';

/** A tenant from a file, with the quota that it names. */
export type FiledTenant = { readonly name: string; readonly spec: TenantSpec; readonly quota: QuotaSpec | undefined };

/**
 * Reads the Tenants and Quotas of these files, the same as a cluster is given. Throws one error that lists everything
 * that is wrong, each line with its file.
 */
export async function readTenantFiles(files: readonly string[]): Promise<FiledTenant[]> {
  const faults: string[] = [];
  const found: (ReadResource & { readonly file: string })[] = [];
  for (const file of files) {
    const read = readResources(await readFile(file, 'utf8'));
    if (read.ok) found.push(...read.resources.map((resource) => ({ ...resource, file })));
    else faults.push(...read.faults.map((fault) => `${file}: ${fault}`));
  }
  faults.push(...repeated(found), ...misplaced(found), ...contested(found));
  const quotas = new Map(found.filter(({ kind }) => kind === 'Quota').map(({ name, spec }) => [name, spec as QuotaSpec]));
  const tenants = found.filter(({ kind }) => kind === 'Tenant').map(({ name, spec, file }) => ({ name, file, spec: spec as TenantSpec }));
  for (const { file, name, spec } of tenants) {
    if (spec.quota !== undefined && !quotas.has(spec.quota))
      faults.push(`${file}: Tenant ${name}: spec.quota: no file has a Quota ${spec.quota}`);
  }
  if (faults.length > 0) throw new Error(`nothing was started, because of\n  ${faults.join('\n  ')}`);
  return tenants.map(({ name, spec }) => ({ name, spec, quota: spec.quota === undefined ? undefined : quotas.get(spec.quota) }));
}

type Found = readonly (ReadResource & { readonly file: string })[];

function repeated(found: Found): string[] {
  const names = found.map(({ kind, name }) => `${kind} ${name}`);
  return [...new Set(names.filter((name, n) => names.indexOf(name) !== n))].map((name) => `${name} is there twice`);
}

function misplaced(found: Found): string[] {
  return found
    .filter(({ kind }) => kind !== 'Quota' && kind !== 'Tenant')
    .map(({ file, kind, name }) => `${file}: ${kind} ${name}: this server is the only cell and pool; it takes Tenants and Quotas`);
}

function contested(found: Found): string[] {
  const hosts = found.filter(({ kind }) => kind === 'Tenant').flatMap(({ spec }) => (spec as TenantSpec).hosts);
  return [...new Set(hosts.filter((host, n) => hosts.indexOf(host) !== n))].map((host) => `the host ${host} is claimed by two tenants`);
}
