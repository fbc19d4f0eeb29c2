// `npm run stack`: the whole platform as a hosted one runs, on this machine, for people.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { registerTenant, type AddedTenant } from '../src/register-tenant.ts';
import { liftedRates } from './lifted-rates.ts';
import { rollingRestarts } from './rolling-restart.ts';
import { forgetStack, rememberStack } from './running-stack.ts';
import { requireObservability, startObservability, type Watching } from './start-observability.ts';
import { stackIssuer, startStack, type Stack } from './start-stack.ts';

const usage = `npm run stack [-- --small] [--replicas 2] [--lifted-rates] [--neighbour] [--observability] [--json]

Starts every service as processes of its own behind NGINX with TLS, on PostgreSQL with a synchronous standby, three Kafka
brokers, four MinIO nodes and Redis, with a mail server, an OpenID provider, and a tenant to which anybody may sign up.
Everything is on free ports of 127.0.0.1 and in one temporary folder, which is removed at the end. Stop it with Ctrl-C.
SIGUSR2 restarts every service, one process after the other, as an upgrade does.
  --small          one node of each back end
  --replicas N     processes of each service, 1 to 4; default 2
  --lifted-rates   as many requests a second of one address and of its tenant as can be served: for load from one machine
  --neighbour      also a second tenant, to which anybody may sign up, with far lower rates than one has by default
  --observability  also a Prometheus that watches it by DriftBox's rules, an Alertmanager, and a probe that does what people do
  --json           print one line of JSON when ready, instead of text`;

function show({ address, certificateFile, tenant, replicas, internal, backends, folder }: Stack): void {
  console.log(`The stack is ready.\n  Address      ${address}\n  Certificate  ${certificateFile}\n  Logs         ${folder}`);
  console.log(`  Tenant       ${tenant.tenantId} (host ${tenant.host})`);
  console.log(`  Mails        ${backends.smtp.addresses['mails']} (server ${backends.smtp.addresses['url']})`);
  console.log(`  Issuer       ${backends.oidc.issuer} (sign in with --oidc ${stackIssuer}, as anybody)`);
  for (const [name, all] of Object.entries(replicas)) {
    console.log(`  ${name.padEnd(12)} ${all.map((one) => `${one.address} (pid ${one.pid()})`).join('  ')}`);
  }
  console.log(
    `  Internal     ${Object.entries(internal)
      .map(([name, url]) => `${name} ${url}`)
      .join('  ')}`,
  );
  console.log(`\nAnybody may sign up:\n  export NODE_EXTRA_CA_CERTS=${certificateFile}`);
  console.log(`  npm run driftbox -- signup --server ${address} --email ada@example.com --name Ada`);
}

function describe({ address, certificateFile, tenant, tenantHosts, serviceKey, replicas, internal, backends, folder }: Stack): object {
  const processes = Object.entries(replicas).map(([name, all]) => [
    name,
    all.map((one) => ({ name: one.name, address: one.address, internal: one.internal, pid: one.pid() })),
  ]);
  const { url: smtp, mails } = backends.smtp.addresses;
  const servers = { smtp, mails, issuer: backends.oidc.issuer };
  return {
    address,
    certificateFile,
    tenant,
    tenantHosts,
    serviceKey,
    internal,
    ...servers,
    replicas: Object.fromEntries(processes),
    folder,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      small: { type: 'boolean', default: false },
      replicas: { type: 'string', default: '2' },
      'lifted-rates': { type: 'boolean', default: false },
      neighbour: { type: 'boolean', default: false },
      observability: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return console.log(usage);
  const replicas = Number(values.replicas);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 4) throw new Error('--replicas is a number from 1 to 4');
  if (values.observability) requireObservability();
  const startMs = performance.now();
  const seconds = (): string => ((performance.now() - startMs) / 1000).toFixed(1).padStart(5);
  const ending = new AbortController();
  const restarts = restartsOf(values.json);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => ending.abort(new Error(`stopped by ${signal} while it was starting`)));
  }
  const stack = await startStack({
    small: values.small,
    replicas,
    ...(values['lifted-rates'] ? liftedRates : {}),
    report: (line) => void process.stderr.write(`${seconds()} s  ${line}\n`),
    signal: ending.signal,
  });
  process.on('SIGUSR2', () => void restarts(stack));
  const neighbour = values.neighbour ? await addNeighbour(stack) : undefined;
  const watching = await watch(stack, values.observability);
  await rememberStack(stack);
  if (values.json)
    console.log(
      JSON.stringify({ ...describe(stack), neighbour, prometheus: watching?.prometheus.url, alertmanager: watching?.alertmanager.url }),
    );
  else {
    show(stack);
    if (neighbour !== undefined) console.log(`\nSecond tenant: ${neighbour.tenantId} (host ${neighbour.host})`);
    if (watching !== undefined) console.log(`\nPrometheus: ${watching.prometheus.url}/alerts\nAlertmanager: ${watching.alertmanager.url}`);
  }
  // An open timer keeps this process alive while it waits for the signal.
  const alive = setInterval(() => {}, 60_000);
  if (!ending.signal.aborted) await once(ending.signal, 'abort');
  clearInterval(alive);
  await forgetStack();
  await watching?.stop();
  await stack.stop();
}

/** Restarts all services, one round after the other, and says each time which: a line of JSON, or of text. */
function restartsOf(json: boolean): (stack: Stack) => Promise<void> {
  let last = Promise.resolve();
  const round = async (stack: Stack): Promise<void> => {
    const steps = rollingRestarts(stack);
    for (const { act } of steps) await act();
    const restarted = steps.map(({ name }) => name);
    console.log(json ? JSON.stringify({ restarted }) : `restarted ${restarted.join(', ')}`);
  };
  return (stack) => {
    last = last.then(() => round(stack)).catch((error: unknown) => void process.stderr.write(`stack: no restart: ${String(error)}\n`));
    return last;
  };
}

/** Its rates are those of a small tenant, so that a flood of it comes against them. */
async function addNeighbour(stack: Stack): Promise<AddedTenant> {
  const limits = { requestsPerSecond: 20, requestBurst: 40, userRequestsPerSecond: 20, userRequestBurst: 40 };
  try {
    return await registerTenant(stack, stack.tenantHosts.replace('*', 'neighbour'), { limits });
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** Starts what watches the stack, if that is wanted; where it does not start, the stack does not stay. */
async function watch(stack: Stack, wanted: boolean): Promise<Watching | undefined> {
  if (!wanted) return undefined;
  try {
    return await startObservability(stack);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`stack: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
