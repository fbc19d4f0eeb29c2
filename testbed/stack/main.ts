// `npm run stack`: the whole platform as a hosted one runs, on this machine, for people.
import { once } from 'node:events';
import { parseCommandLine, readNumber, runMain } from '@driftbox/command-line';
import { registerTenant, type AddedTenant } from '../src/register-tenant.ts';
import { liftedRates } from './lifted-rates.ts';
import { rollingRestarts } from './rolling-restart.ts';
import { forgetStack, rememberStack } from './running-stack.ts';
import { requireObservability, startObservability } from './start-observability.ts';
import { stackIssuer, startStack, type Stack } from './start-stack.ts';
import { startTraces } from './start-traces.ts';

const usage = `npm run stack [-- --small] [--replicas 2] [--lifted-rates] [--neighbour] [--observability] [--json]

Starts every service as processes of its own behind NGINX with TLS, on PostgreSQL with a synchronous standby, three Kafka
brokers, four MinIO nodes and Redis, with a mail server, an OpenID provider, and a tenant to which anybody may sign up.
Everything is on free ports of 127.0.0.1 and in one temporary folder, which is removed at the end. Stop it with Ctrl-C.
SIGUSR2 restarts every service, one process after the other, as an upgrade does.
  --small          one node of each back end
  --replicas N     processes of each service, 1 to 4; default 2
  --lifted-rates   as many requests a second of one address and of its tenant as can be served: for load from one machine
  --neighbour      also a second tenant, to which anybody may sign up, with far lower rates than one has by default
  --observability  also a Prometheus that watches it by DriftBox's rules, an Alertmanager, a probe that does what people do, and a
                   Jaeger that keeps every trace, where OTEL_EXPORTER_OTLP_ENDPOINT names no other place (built at first: minutes)
  --json           print one line of JSON when ready, instead of text`;

/** Where the rest is that stands beside a stack. */
type Around = {
  readonly neighbour: AddedTenant | undefined;
  readonly prometheus: string | undefined;
  readonly alertmanager: string | undefined;
  readonly traces: string | undefined;
};

function show({ address, certificateFile, tenant, replicas, internal, backends, folder }: Stack, around: Around): void {
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
  const { neighbour, prometheus, alertmanager, traces } = around;
  if (neighbour !== undefined) console.log(`\nSecond tenant: ${neighbour.tenantId} (host ${neighbour.host})`);
  if (prometheus !== undefined) console.log(`\nPrometheus    ${prometheus}/alerts\nAlertmanager  ${alertmanager}`);
  if (traces !== undefined) console.log(`Traces        ${traces}/api/traces/X-REQUEST-ID`);
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

type Options = {
  readonly small: boolean;
  readonly replicas: number;
  readonly liftedRates: boolean;
  readonly neighbour: boolean;
  readonly observability: boolean;
  readonly json: boolean;
};

function readOptions(args: readonly string[]): Options {
  const { values } = parseCommandLine({
    args,
    options: {
      small: { type: 'boolean', default: false },
      replicas: { type: 'string', default: '2' },
      'lifted-rates': { type: 'boolean', default: false },
      neighbour: { type: 'boolean', default: false },
      observability: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const replicas = readNumber('--replicas', values.replicas, { least: 1, most: 4 });
  if (values.observability) requireObservability();
  return { ...values, replicas, liftedRates: values['lifted-rates'] };
}

/** Starts all of it, tells of it, and stops it at a signal; what does not start leaves nothing behind. */
async function run({ small, replicas, json, observability, ...wanted }: Options): Promise<void> {
  const startMs = performance.now();
  const seconds = (): string => ((performance.now() - startMs) / 1000).toFixed(1).padStart(5);
  const report = (line: string): void => void process.stderr.write(`${seconds()} s  ${line.slice(0, 160)}\n`);
  const ending = new AbortController();
  const restarts = restartsOf(json);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => ending.abort(new Error(`stopped by ${signal} while it was starting`)));
  }
  await using running = new AsyncDisposableStack();
  const traces = observability ? await startTraces(report) : undefined;
  running.defer(() => traces?.stop());
  const rates = wanted.liftedRates ? liftedRates : {};
  const stack = await startStack({ small, replicas, ...rates, tracing: traces?.tracing, report, signal: ending.signal });
  running.defer(() => stack.stop());
  process.on('SIGUSR2', () => void restarts(stack));
  const neighbour = wanted.neighbour ? await addNeighbour(stack) : undefined;
  const watching = observability ? await startObservability(stack) : undefined;
  running.defer(() => watching?.stop());
  await rememberStack(stack);
  running.defer(forgetStack);
  const around = { neighbour, prometheus: watching?.prometheus.url, alertmanager: watching?.alertmanager.url, traces: traces?.url };
  if (json) console.log(JSON.stringify({ ...describe(stack), ...around }));
  else show(stack, around);
  // An open timer keeps this process alive while it waits for the signal.
  const alive = setInterval(() => {}, 60_000);
  if (!ending.signal.aborted) await once(ending.signal, 'abort');
  clearInterval(alive);
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
function addNeighbour(stack: Stack): Promise<AddedTenant> {
  const limits = { requestsPerSecond: 20, requestBurst: 40, userRequestsPerSecond: 20, userRequestBurst: 40 };
  return registerTenant(stack, stack.tenantHosts.replace('*', 'neighbour'), { limits });
}

async function main(args: readonly string[]): Promise<number> {
  await run(readOptions(args));
  return 0;
}

await runMain({ name: 'stack', usage, main });
