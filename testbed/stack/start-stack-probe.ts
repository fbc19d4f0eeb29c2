import { createClient, httpTransport } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { registerTenant } from '../src/register-tenant.ts';
import { newProbeUser, startProbe, type ProbeProcess } from '../src/start-probe.ts';
import type { Stack } from './start-stack.ts';

/** Starts a probe in a tenant of its own on the stack, through the gateway. */
export async function startStackProbe(stack: Stack, folder: string, everySeconds: number): Promise<ProbeProcess> {
  const { address, certificateFile, tenantHosts, internal, serviceKey } = stack;
  const tenantHost = tenantHosts.replace('*', 'probe');
  await registerTenant({ internal, serviceKey }, tenantHost, { name: 'probe' });
  const user = newProbeUser();
  // Signed up beside the gateway, whose certificate this process need not trust.
  const transport = httpTransport(internal.auth);
  try {
    const body = { ...user, displayName: 'Probe', device: { name: 'stack', kind: 'other' as const } };
    await createClient({ transport }).call(routes.signUp, { body, headers: { host: tenantHost } });
  } finally {
    transport.close();
  }
  return startProbe({ ...user, address, certificateFile, tenantHost, everySeconds, folder });
}
