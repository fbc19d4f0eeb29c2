import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TenantIntent } from '@driftbox/protocol';
import { issuersOf, type TenantSpec } from '@driftbox/resources';
import type { StandaloneConfig } from './config.ts';

type Issuers = TenantIntent['issuers'];

/** The parts of a list with commas between them. */
export function splitList(text: string | undefined): string[] | undefined {
  const parts = text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts === undefined || parts.length === 0 ? undefined : parts;
}

/** By which issuers the environment lets people of the default tenant sign in. Throws where half of one is set. */
export function issuersOfConfig({ config, secrets }: Pick<StandaloneConfig, 'config' | 'secrets'>): Issuers {
  const issuers: Issuers = [];
  const google = config.DRIFTBOX_GOOGLE_CLIENT_ID;
  if (google !== undefined) {
    const clientSecret = secrets.DRIFTBOX_GOOGLE_CLIENT_SECRET;
    const domains = splitList(config.DRIFTBOX_GOOGLE_DOMAINS);
    issuers.push({ name: 'google', displayName: 'Google', issuer: 'https://accounts.google.com', clientId: google, clientSecret, domains });
  }
  const { DRIFTBOX_OIDC_ISSUER: issuer, DRIFTBOX_OIDC_CLIENT_ID: clientId } = config;
  if ((issuer === undefined) !== (clientId === undefined))
    throw new Error('DRIFTBOX_OIDC_ISSUER and DRIFTBOX_OIDC_CLIENT_ID belong together: set both or neither');
  if (issuer !== undefined && clientId !== undefined)
    issuers.push({ name: 'sso', displayName: 'Single sign-on', issuer, clientId, clientSecret: secrets.DRIFTBOX_OIDC_CLIENT_SECRET });
  return issuers;
}

/**
 * Those of a Tenant in a file. A Secret that it names is a folder of that name below `secrets` of the data folder, with the file
 * `clientSecret` in it, as a cluster would mount it. Throws where one is missing.
 */
export async function issuersOfTenant(spec: TenantSpec, secretsFolder: string): Promise<Issuers> {
  return Promise.all(
    issuersOf(spec).map(async ({ secretName, ...issuer }) => {
      const file = path.join(secretsFolder, secretName, 'clientSecret');
      return { ...issuer, clientSecret: (await readFile(file, 'utf8')).trim() };
    }),
  );
}
