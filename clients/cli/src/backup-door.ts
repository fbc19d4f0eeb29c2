import {
  openBucketDestination,
  opened,
  openFolderDestination,
  readBackupKey,
  type Destination,
  type OpenDestination,
  type WholeCell,
} from '@driftbox/backup';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { serviceNames, type ServiceName } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import type { Context } from './command.ts';
import { UsageError } from './exit-codes.ts';
import { internalDoors, type InternalDoor } from './internal-door.ts';

/** The tenant that a flag names. */
export function tenantOf({ given }: Context, flag: string): TenantId {
  const tenant = parseTenantId(given.text(flag) ?? '');
  if (tenant === undefined) throw new UsageError(`name the tenant by its id: --${flag} UUID`);
  return tenant;
}

/** Runs something with the services of the cell, each at its internal address, and closes the connections. */
export async function withCell<T>(context: Context, work: (cell: WholeCell) => Promise<T>): Promise<T> {
  const open = internalDoors(context);
  const addresses = addressesOf(context);
  const doors = new Map<ServiceName, InternalDoor>();
  const cell: WholeCell = (service, tenantId) => {
    const address = addresses.get(service);
    if (address === undefined) throw new UsageError(`say where ${service} is: --internal ${service}=URL`);
    const door = doors.get(service) ?? open(address);
    doors.set(service, door);
    return door.client(tenantId);
  };
  try {
    return await work(cell);
  } finally {
    for (const door of doors.values()) door.close();
  }
}

function addressesOf({ given }: Context): Map<ServiceName, string> {
  const addresses = new Map<ServiceName, string>();
  const port = given.text('internal-port');
  if (port !== undefined) {
    if (!/^[1-9][0-9]{0,4}$/.test(port) || Number(port) + serviceNames.length > 65_536) throw new UsageError('--internal-port is a port');
    serviceNames.forEach((service, n) => addresses.set(service, `http://127.0.0.1:${Number(port) + n}`));
  }
  for (const text of given.texts('internal')) {
    const [name = '', ...rest] = text.split('=');
    const service = serviceNames.find((one) => one === name);
    if (service === undefined || rest.length === 0)
      throw new UsageError(`--internal is SERVICE=URL, SERVICE one of ${serviceNames.join(', ')}`);
    addresses.set(service, rest.join('='));
  }
  return addresses;
}

/** Runs something with the backups of a tenant, in the folder or bucket that a flag names. */
export async function withDestination<T>(context: Context, tenantId: TenantId, work: (destination: Destination) => Promise<T>): Promise<T> {
  return opened(await destinations(context), tenantId, work);
}

/** The backups of any tenant, in the folder or bucket that a flag names. */
export async function destinations({ given, env }: Context): Promise<OpenDestination> {
  const [keyFile, place] = [given.text('key-file'), given.text('in')];
  if (keyFile === undefined) throw new UsageError('name the backup key: --key-file FILE (driftbox admin backup key FILE makes one)');
  if (place === undefined) throw new UsageError('say where backups are: --in FOLDER or --in s3://BUCKET/PREFIX');
  const key = await readBackupKey(keyFile).catch((error: Error) => {
    throw new LocalError(`cannot read ${keyFile}: ${error.message}`);
  });
  if (key === undefined) throw new UsageError(`${keyFile} is no backup key`);
  const bucket = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place);
  if (bucket === null) return (tenantId) => openFolderDestination(place, tenantId, key);
  const [, name = '', prefix = ''] = bucket;
  const setting = (variable: string): string => {
    const value = env[variable];
    if (value === undefined) throw new UsageError(`set ${variable} for backups in a bucket`);
    return value;
  };
  const options = {
    endpoint: setting('DRIFTBOX_BACKUP_S3_ENDPOINT'),
    accessKey: setting('DRIFTBOX_BACKUP_S3_ACCESS_KEY'),
    secretKey: setting('DRIFTBOX_BACKUP_S3_SECRET_KEY'),
    region: env['DRIFTBOX_BACKUP_S3_REGION'],
    bucket: name,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
  };
  return (tenantId) => openBucketDestination(options, tenantId, key);
}
