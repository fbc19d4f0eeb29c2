import { parseCommandLine, runMain } from '@driftbox/command-line';
import { readConfig } from './config.ts';
import { startStandalone, type Standalone } from './start-standalone.ts';

const usage = `npm start [-- --json] [-f FILE]...

Runs all of DriftBox in this process, with an embedded PostgreSQL and a pool on disk. Stop it with Ctrl-C.
  -f, --file FILE  also the Tenants and Quotas of a file, written as for a cluster (docs/api.md); may be repeated.
                   Cell, pool and keys are those of this server, whatever the file says of them
  --json           print one line of JSON when ready, instead of text
Settings are environment variables (docs/configuration.md), for example DRIFTBOX_DATA=FOLDER and DRIFTBOX_PORT=8484.`;

/** Signals within this time are one wish; another after it ends the process at once. */
const sameAskMs = 1_000;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine({
    args,
    options: { json: { type: 'boolean', default: false }, file: { type: 'string', short: 'f', multiple: true, default: [] } },
  });
  await run(values.file, values.json).catch(fail);
  return 0;
}

/** Starts the server and says where it is; a signal stops it. */
async function run(files: readonly string[], json: boolean): Promise<void> {
  const standalone = await startStandalone(readConfig(process.env, process.getuid?.() === 0), files);
  if (json) console.log(JSON.stringify(asJson(standalone)));
  else console.log(asText(standalone));
  let askedMs: number | undefined;
  const stop = (): void => {
    if (askedMs !== undefined) {
      // A group that is told to stop is told once itself, and once by the process that started it.
      if (performance.now() - askedMs > sameAskMs) process.exit(1);
      return;
    }
    askedMs = performance.now();
    process.exitCode = 0;
    standalone.stop().catch((error: unknown) => fail(error));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  void standalone.failed.then((reason) => fail(reason));
}

/** Where the first administrator of a host joins. */
function linkAt(address: string, invitation: string): string {
  return `${address}/join#${invitation}`;
}

function atHost(address: string, host = ''): string {
  const url = new URL(address);
  url.hostname = host;
  return url.origin;
}

function asJson({ address, dataFolder, mailFolder, tenantId, invitation, tenants, internal }: Standalone): object {
  return {
    address,
    dataFolder,
    mailFolder,
    tenantId,
    internal,
    ...(invitation === undefined ? {} : { firstAdministrator: { link: linkAt(address, invitation), invitation } }),
    ...(tenants.length === 0 ? {} : { tenants }),
  };
}

function asText({ address, dataFolder, mailFolder, tenantId, invitation, tenants }: Standalone): string {
  const lines = ['DriftBox is ready.', `  Address  ${address}`, `  Data     ${dataFolder}`];
  if (mailFolder !== undefined) lines.push(`  Mails    ${mailFolder} (no mail server is set)`);
  lines.push(`  Tenant   ${tenantId} (default)`);
  for (const tenant of tenants) {
    lines.push(`  Tenant   ${tenant.tenantId} (${tenant.name})  ${tenant.hosts.map((host) => atHost(address, host)).join('  ')}`);
    if (tenant.invitation !== undefined)
      lines.push(`           its first administrator joins here, once: ${linkAt(atHost(address, tenant.hosts[0]), tenant.invitation)}`);
  }
  if (invitation !== undefined) {
    lines.push('', 'Nobody has signed up yet. The first administrator joins here, once:', `  ${linkAt(address, invitation)}`);
    lines.push('or from the command line:', `  npm run driftbox -- signup --server ${address} --invitation ${invitation}`);
  }
  return lines.join('\n');
}

function fail(error: unknown): void {
  console.error(`driftbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

await runMain({ name: 'driftbox', usage, main });
