import { writeFile } from 'node:fs/promises';
import { createClient, httpTransport, type HttpTransport } from '@driftbox/api-client';
import { openBucketDestination, parseBackupKey, type Cell, type Progress } from '@driftbox/backup';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import type { ServiceName } from '@driftbox/protocol';
import { createLogger, loadConfig, readPem, signServiceToken } from '@driftbox/service-kit';
import { backupConfig } from './config.ts';
import { internalAddresses } from './internal-addresses.ts';
import { judgeFailure } from './judge-failure.ts';
import { runTask, type Task } from './run-task.ts';

const hopeless = 3;
const toldEveryMs = 10_000;

const { config, secrets } = loadConfig(backupConfig, process.env);
const log = createLogger({ service: 'backup', level: config.DRIFTBOX_LOG_LEVEL });
const stopping = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort(new Error('the process is to end')));

/** Throws where a setting is wrong. */
async function main(): Promise<void> {
  const tenantId = idOf(config.DRIFTBOX_BACKUP_TENANT, 'DRIFTBOX_BACKUP_TENANT');
  const task = taskOf(process.argv[2]);
  const key = parseBackupKey(secrets.DRIFTBOX_BACKUP_KEY);
  if (key === undefined) throw new Error('DRIFTBOX_BACKUP_KEY is no backup key');
  const destination = await openBucketDestination(
    {
      endpoint: config.DRIFTBOX_BACKUP_S3_ENDPOINT,
      bucket: config.DRIFTBOX_BACKUP_S3_BUCKET,
      prefix: config.DRIFTBOX_BACKUP_S3_PREFIX,
      region: config.DRIFTBOX_BACKUP_S3_REGION,
      accessKey: secrets.DRIFTBOX_BACKUP_S3_ACCESS_KEY,
      secretKey: secrets.DRIFTBOX_BACKUP_S3_SECRET_KEY,
    },
    tenantId,
    key,
  );
  const { cell, close } = openCell();
  try {
    const done = await runTask(cell, destination, task, { tell: tellLog(), signal: stopping.signal });
    log.info({ task: task.do, point: task.point, ...done }, 'done');
    await report({ done });
  } finally {
    close();
    destination.close();
  }
}

function taskOf(verb: string | undefined): Task {
  const point = config.DRIFTBOX_BACKUP_POINT;
  if (verb === 'create' || verb === 'remove') return { do: verb, point };
  if (verb !== 'restore') throw new Error('the argument is create, remove or restore');
  const tenantId = idOf(config.DRIFTBOX_BACKUP_INTO ?? '', 'DRIFTBOX_BACKUP_INTO');
  return { do: 'restore', point, into: { tenantId, replace: config.DRIFTBOX_BACKUP_REPLACE } };
}

function openCell(): { readonly cell: Cell; close(): void } {
  const addresses = internalAddresses(config.DRIFTBOX_BACKUP_INTERNAL);
  const file = config.DRIFTBOX_TLS_AUTHORITY_FILE;
  const authority = file === undefined ? undefined : readPem('DRIFTBOX_TLS_AUTHORITY_FILE', file);
  const transports = new Map<ServiceName, HttpTransport>();
  const cell: Cell = (service, tenantId) => {
    const [address, serviceKey] = [addresses.get(service), secrets.DRIFTBOX_SERVICE_KEY];
    if (address === undefined || serviceKey === undefined)
      throw new Error(`set DRIFTBOX_SERVICE_KEY, and ${service} in DRIFTBOX_BACKUP_INTERNAL`);
    const transport = transports.get(service) ?? httpTransport(address, { authority });
    transports.set(service, transport);
    const token = () => signServiceToken(serviceKey, { caller: 'admin', tid: tenantId });
    return createClient({ transport, signal: stopping.signal, token });
  };
  return { cell, close: () => transports.forEach((transport) => transport.close()) };
}

function idOf(text: string, setting: string): TenantId {
  const id = parseTenantId(text);
  if (id === undefined) throw new Error(`${setting} is no id of a tenant`);
  return id;
}

function tellLog(): (progress: Progress) => void {
  let toldMs = performance.now();
  return (progress) => {
    if (performance.now() - toldMs < toldEveryMs) return;
    toldMs = performance.now();
    log.info(progress, 'progress');
  };
}

/** A pod's last words: its message in the API holds 4 KiB. */
async function report(result: object): Promise<void> {
  await writeFile(config.DRIFTBOX_BACKUP_RESULT, JSON.stringify(result).slice(0, 4_000));
}

try {
  await main();
} catch (error) {
  const { why, isHopeless } = judgeFailure(error);
  log.error({ err: error }, 'failed');
  await report({ failed: why.slice(0, 2_000) });
  process.exitCode = isHopeless ? hopeless : 1;
}
