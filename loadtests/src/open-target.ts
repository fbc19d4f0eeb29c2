import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
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
  /** Stops and removes what was started for this load alone. */
  close(): Promise<void>;
};

/** A target or a command that cannot be used as it was given; the message says what to do. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

/** Starts `standalone` or `stack`, or takes the DriftBox at a URL as it is. Throws `Unusable` for anything else. */
export async function openTarget(target: string, caFile: string | undefined): Promise<Target> {
  const isUrl = /^https?:\/\//.test(target) && URL.canParse(target);
  if (!isUrl && caFile !== undefined) throw new Unusable('--ca belongs to the target of a URL: standalone and stack have their own');
  if (target === 'standalone') return openStandalone();
  if (target === 'stack') return openStack();
  if (!isUrl) throw new Unusable(`--target is standalone, stack or a URL, not ${target}`);
  if (caFile !== undefined) {
    await trust(caFile).catch((cause: unknown) => {
      throw new Unusable(`the CA file ${caFile} cannot be used: ${String(cause)}`, { cause });
    });
  }
  return { address: new URL(target).origin, caFile, isOurs: false, close: async () => {} };
}

async function openStandalone(): Promise<Target> {
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-load-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // PostgreSQL may run as another user, who must be able to pass through.
    await chmod(folder, 0o711);
    const data = path.join(folder, 'data');
    await mkdir(data);
    const env = { DRIFTBOX_DATA: data, DRIFTBOX_PORT: '0', DRIFTBOX_SIGN_UP: 'open', DRIFTBOX_LOG_LEVEL: 'warn' };
    const program = await startProgram('standalone/src/main.ts', ['--json'], env);
    const { address } = program.ready as { readonly address: string };
    const close = async (): Promise<void> => {
      await program.stop();
      await remove();
    };
    return { address, caFile: undefined, isOurs: true, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function openStack(): Promise<Target> {
  const program = await startProgram('testbed/stack/main.ts', ['--small', '--lifted-rates', '--json']);
  const { address, certificateFile } = program.ready as { readonly address: string; readonly certificateFile: string };
  await trust(certificateFile);
  const restartAll = async (): Promise<readonly string[]> => {
    program.signal('SIGUSR2');
    return ((await program.nextLine()) as { readonly restarted: readonly string[] }).restarted;
  };
  return { address, caFile: certificateFile, isOurs: true, restartAll, close: () => program.stop() };
}

async function trust(caFile: string): Promise<void> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), await readFile(caFile, 'utf8')]);
}
