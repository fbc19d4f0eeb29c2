import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { z } from 'zod';

const secret = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.strictObject({
  /** Signs what services say to each other. */
  serviceKey: secret,
  /** Protects auth's signing keys at rest. */
  signingKeySecret: secret,
  /** Signs content URLs. */
  urlKey: secret,
  defaultTenant: z.string(),
});

/** What this installation made once and must keep. */
export type CellSecrets = Omit<z.output<typeof file>, 'defaultTenant'> & { readonly defaultTenant: TenantId };

/** Reads `cell.json`, or makes it on the first start (mode 0600, written aside and renamed). Throws when it is damaged. */
export async function openCellSecrets(keysFolder: string): Promise<CellSecrets> {
  const name = path.join(keysFolder, 'cell.json');
  const text = await readFile(name, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return create(keysFolder, name);
  const parsed = file.safeParse(parseJson(text));
  const defaultTenant = parsed.success ? parseTenantId(parsed.data.defaultTenant) : undefined;
  if (!parsed.success || defaultTenant === undefined) {
    throw new Error(`${name} is damaged: restore it from your copy; without it people must sign in again and signed URLs end`);
  }
  return { ...parsed.data, defaultTenant };
}

async function create(folder: string, name: string): Promise<CellSecrets> {
  const defaultTenant = parseTenantId(randomUUID());
  assert(defaultTenant, 'a random UUID is a tenant id');
  const random = () => randomBytes(32).toString('hex');
  const secrets = { serviceKey: random(), signingKeySecret: random(), urlKey: random(), defaultTenant };
  const aside = await open(`${name}.new`, 'w', 0o600);
  try {
    await aside.writeFile(JSON.stringify(secrets, null, 2));
    await aside.sync();
  } finally {
    await aside.close();
  }
  await rename(`${name}.new`, name);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return secrets;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
