import { twoTenants, type IsolationTarget } from '../../isolation/target.ts';
import { trustCertificate } from '../../src/trust-certificate.ts';
import { liftedRates } from '../../stack/lifted-rates.ts';
import { startStack } from '../../stack/start-stack.ts';

/** A small stack with two fresh tenants, whose limits nobody comes near. */
export async function openStackTarget(report: (line: string) => void): Promise<IsolationTarget> {
  const stack = await startStack({ small: true, replicas: 2, ...liftedRates, report });
  try {
    await trustCertificate(stack.certificateFile);
    const hostOf = (name: string): string => stack.tenantHosts.replace('*', name);
    const tenants = await twoTenants(stack, [hostOf('victim'), hostOf('intruder')], liftedRates.tenantLimits);
    return { ...tenants, address: stack.address, servesUnknownHosts: false, close: () => stack.stop() };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
