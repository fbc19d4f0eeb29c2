import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { startProgram } from './start-program.ts';

/** A DriftBox to which anybody may sign up. */
export type Target = {
  readonly address: string;
  /** Certificates in PEM that are to be trusted besides the system's. */
  readonly caFile: string | undefined;
  /** Restarts every process of every service, one replica after the other, and answers their names; only a stack can. */
  readonly restartAll?: () => Promise<readonly string[]>;
  /** Whether its processes are below this one, so that they can be looked into. */
  readonly isOurs: boolean;
  /** The host of its second tenant, to which anybody may sign up, too; only where one was asked for. */
  readonly neighbourHost?: string | undefined;
  /** Stops and removes what was started for this load alone. */
  close(): Promise<void>;
};

/** A target or a command that cannot be used as it was given; the message says what to do. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

/**
 * Starts `standalone` or `stack`, if asked for with a second tenant, or takes the DriftBox at a URL as it is. Throws `Unusable` for
 * anything else.
 */
export async function openTarget(target: string, caFile: string | undefined, withNeighbour = false): Promise<Target> {
  const isUrl = /^https?:\/\//.test(target) && URL.canParse(target);
  if (!isUrl && caFile !== undefined) throw new Unusable('--ca belongs to the target of a URL: standalone and stack have their own');
  if (target === 'standalone') return openStandalone(withNeighbour);
  if (target === 'stack') return openStack(withNeighbour);
  if (isUrl && withNeighbour) throw new Unusable('a neighbour needs a server of its own: take --target standalone or stack');
  if (!isUrl) throw new Unusable(`--target is standalone, stack or a URL, not ${target}`);
  if (caFile !== undefined) {
    await trust(caFile).catch((cause: unknown) => {
      throw new Unusable(`the CA file ${caFile} cannot be used: ${String(cause)}`, { cause });
    });
  }
  return { address: new URL(target).origin, caFile, isOurs: false, close: async () => {} };
}

const neighbourHost = 'neighbour.localhost';
const neighbourFile = `
apiVersion: driftbox.io/v1alpha1
kind: Tenant
metadata: {name: neighbour}
spec: {hosts: [${neighbourHost}], identity: {signUp: open}}
`;

async function openStandalone(withNeighbour: boolean): Promise<Target> {
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-load-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // PostgreSQL may run as another user, who must be able to pass through.
    await chmod(folder, 0o711);
    const data = path.join(folder, 'data');
    await mkdir(data);
    const env = { DRIFTBOX_DATA: data, DRIFTBOX_PORT: '0', DRIFTBOX_SIGN_UP: 'open', DRIFTBOX_LOG_LEVEL: 'warn' };
    const file = path.join(folder, 'tenant.yaml');
    await writeFile(file, neighbourFile);
    const program = await startProgram('standalone/src/main.ts', ['--json', ...(withNeighbour ? ['-f', file] : [])], env);
    const { address } = program.ready as { readonly address: string };
    const close = async (): Promise<void> => {
      await program.stop();
      await remove();
    };
    return { address, caFile: undefined, isOurs: true, neighbourHost: withNeighbour ? neighbourHost : undefined, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function openStack(withNeighbour: boolean): Promise<Target> {
  const flags = ['--small', '--lifted-rates', '--json', ...(withNeighbour ? ['--neighbour'] : [])];
  const program = await startProgram('testbed/stack/main.ts', flags);
  type Ready = { readonly address: string; readonly certificateFile: string; readonly neighbour?: { readonly host: string } };
  const { address, certificateFile, neighbour } = program.ready as Ready;
  await trust(certificateFile);
  const restartAll = async (): Promise<readonly string[]> => {
    program.signal('SIGUSR2');
    return ((await program.nextLine()) as { readonly restarted: readonly string[] }).restarted;
  };
  return { address, caFile: certificateFile, isOurs: true, restartAll, neighbourHost: neighbour?.host, close: () => program.stop() };
}

async function trust(caFile: string): Promise<void> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), await readFile(caFile, 'utf8')]);
}
