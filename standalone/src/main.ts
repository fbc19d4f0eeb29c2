import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { startStandalone } from './start-standalone.ts';

const usage = `npm start [-- --json]

Runs all of DriftBox in this process, with an embedded PostgreSQL and a pool on disk. Stop it with Ctrl-C.
  --json   print one line of JSON when ready, instead of text
Settings are environment variables (docs/configuration.md), for example DRIFTBOX_DATA=FOLDER and DRIFTBOX_PORT=8484.`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) return console.log(usage);
  const standalone = await startStandalone(readConfig(process.env, process.getuid?.() === 0));
  const { address, dataFolder, tenantId, invitation, internal } = standalone;
  const link = invitation === undefined ? undefined : `${address}/join#${invitation}`;
  if (values.json === true) {
    console.log(
      JSON.stringify({
        address,
        dataFolder,
        tenantId,
        internal,
        ...(link === undefined ? {} : { firstAdministrator: { link, invitation } }),
      }),
    );
  } else {
    console.log(`DriftBox is ready.\n  Address  ${address}\n  Data     ${dataFolder}\n  Tenant   ${tenantId} (default)`);
    if (link !== undefined) {
      console.log(`\nNobody has signed up yet. The first administrator joins here, once:\n  ${link}`);
      console.log(`or from the command line:\n  npm run driftbox -- signup --server ${address} --invitation ${invitation}`);
    }
  }
  const stop = (): void => {
    process.exitCode = 0;
    standalone.stop().catch((error: unknown) => fail(error));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  void standalone.failed.then((reason) => fail(reason));
}

function fail(error: unknown): void {
  console.error(`driftbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

await main().catch(fail);
