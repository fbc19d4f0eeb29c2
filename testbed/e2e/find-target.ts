import { readFile } from 'node:fs/promises';
import { findStack, type RunningStack } from '../stack/running-stack.ts';
import { startStack } from '../stack/start-stack.ts';
import { signUpByApi } from '../src/api-user.ts';
import { rawRequest } from '../src/raw-request.ts';
import { trustCertificate } from '../src/trust-certificate.ts';
import { targetAdministrator, type RunningTarget } from '../src/target/test-target.ts';
import { UnusableTarget } from './unusable-target.ts';

/** What the tests are told, and what they are run with. */
export type FoundTarget = {
  /** Absent where each test starts standalone servers of its own. */
  readonly target: RunningTarget | undefined;
  /** Certificates that the tests and their clients trust besides the system's. */
  readonly caFile: string | undefined;
  /** Stops what was started for these tests alone. */
  close(): Promise<void>;
};

/** How people name a target. */
export type TargetOptions = {
  /** `standalone`, `stack`, or the URL of a DriftBox that runs. */
  readonly target: string;
  readonly caFile: string | undefined;
  readonly administratorFile: string | undefined;
  readonly report: (line: string) => void;
};

/** Finds or starts the target, and makes sure that it answers and lets people sign up. Throws `UnusableTarget`. */
export async function findTarget(options: TargetOptions): Promise<FoundTarget> {
  const { target, caFile, administratorFile } = options;
  const isUrl = /^https?:\/\//.test(target);
  if (!isUrl && (caFile !== undefined || administratorFile !== undefined))
    throw new UnusableTarget('--ca and --admin belong to the target of a URL: the others have their own');
  if (target === 'standalone') return { target: undefined, caFile: undefined, close: async () => {} };
  if (target === 'stack') return useStack(options.report);
  if (!isUrl) throw new UnusableTarget(`--target is standalone, stack, cluster or a URL, not ${target}`);
  if (caFile !== undefined) await trust(caFile);
  const found: RunningTarget = {
    address: new URL(target).origin,
    ...(administratorFile === undefined ? {} : { administrator: await readAdministrator(administratorFile) }),
  };
  await mustAnswer(found.address);
  await mustLetSignUp(found.address);
  return { target: found, caFile, close: async () => {} };
}

async function useStack(report: TargetOptions['report']): Promise<FoundTarget> {
  const running = await findStack();
  if (running !== undefined) {
    report(`using the stack that runs at ${running.address}`);
    return { ...asTarget(running), close: async () => {} };
  }
  const stack = await startStack({ small: true, replicas: 2, report });
  return { ...asTarget(stack), close: () => stack.stop() };
}

function asTarget({ address, certificateFile, tenantHosts, serviceKey, internal }: RunningStack): Omit<FoundTarget, 'close'> {
  return { target: { address, administrator: { serviceKey, internal, tenantHosts } }, caFile: certificateFile };
}

/** For this process; the tests get the file by `NODE_EXTRA_CA_CERTS`. */
async function trust(caFile: string): Promise<void> {
  await trustCertificate(caFile).catch((cause: unknown) => {
    throw new UnusableTarget(`the CA file ${caFile} cannot be used: ${String(cause)}`, { cause });
  });
}

async function readAdministrator(file: string): Promise<RunningTarget['administrator']> {
  try {
    const parsed = targetAdministrator.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (parsed.success) return parsed.data;
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new UnusableTarget(`the administrator's file ${file} is not as it should be: ${wrong}`);
  } catch (cause) {
    if (cause instanceof UnusableTarget) throw cause;
    throw new UnusableTarget(`the administrator's file ${file} cannot be read as JSON`, { cause });
  }
}

async function mustAnswer(address: string): Promise<void> {
  const answer = await rawRequest(address, { path: '/v1/capabilities' }).catch((cause: unknown) => {
    const code = String((cause as { code?: unknown }).code ?? cause);
    const help = /CERT|SIGNED|ISSUER/.test(code) ? '; name the file of its CA with --ca' : '';
    throw new UnusableTarget(`${address} cannot be reached (${code})${help}`, { cause });
  });
  if (answer.status !== 200) throw new UnusableTarget(`${address} answers /v1/capabilities with ${answer.status}: is it a DriftBox?`);
}

async function mustLetSignUp(address: string): Promise<void> {
  try {
    await signUpByApi(address, 'first');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableTarget(`nobody can sign up at ${address} (${why}); its tenant must have signUp: open`, { cause });
  }
}
