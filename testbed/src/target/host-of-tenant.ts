import { randomBytes } from 'node:crypto';
import type { TargetAdministrator } from './test-target.ts';

/** A host name that no tenant has yet, and that the target's gateway serves. */
export function hostOfTenant({ tenantHosts }: TargetAdministrator, name: string): string {
  return tenantHosts.replace('*', `${name}-${randomBytes(4).toString('hex')}`);
}
