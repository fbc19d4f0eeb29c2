import { mirrorStep } from './mirror-step.ts';
import { nextStep } from './next-step.ts';
import type { Step } from './step.ts';
import type { TenantObserved } from './tenant-observed.ts';

/** More steps than any pass needs. */
const mostSteps = 200;

/** What a pass would change, a line for each thing, if all went well; nothing is done. */
export function planSteps(observed: TenantObserved): string {
  const lines: string[] = [];
  let assumed = observed;
  for (let count = 0; count < mostSteps; count += 1) {
    const step = nextStep(assumed);
    if (step === undefined) break;
    const line = describe(step);
    if (line !== undefined) lines.push(line);
    assumed = mirrorStep(assumed, step);
  }
  return lines.length === 0 ? 'nothing' : lines.join('\n').slice(0, 32_768);
}

/** What a step would change; undefined for one that only looks. */
function describe(step: Step): string | undefined {
  switch (step.do) {
    case 'record':
      return `record the tenant ${step.record.tenantId} in Cell ${step.record.cell}, StoragePool ${step.record.pool}`;
    case 'cell':
      return `apply Cell ${step.cell.metadata.name}`;
    case 'dropCell':
      return `delete Cell ${step.name}`;
    case 'claim':
      return `claim ${step.host}`;
    case 'release':
      return `release ${step.host}`;
    case 'invite':
      return 'make the invitation of the first administrator, if there is none';
    case 'uninvite':
      return 'remove the invitation, which was used';
    case 'register':
      return `tell the services: ${JSON.stringify({ ...step.intent, generation: undefined, firstAdministrator: undefined })}`;
    case 'route':
      return step.routes.length === 0
        ? undefined
        : `apply ${step.routes.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}`;
    case 'protect':
      return 'put the finalizer driftbox.io/tenant';
    case 'unprotect':
      return 'take the finalizer driftbox.io/tenant away';
    case 'backup':
      return `make TenantBackup ${step.backup.metadata.name}, and wait for it`;
    case 'erase':
      return `erase it in ${step.service}`;
    case 'probe':
      return undefined;
  }
}
