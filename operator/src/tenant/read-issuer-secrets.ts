import { issuersOf, type TenantSpec } from '@driftbox/resources';
import { expectOk, type Api } from '../runtime/index.ts';
import { secretKind, type Secret } from './tenant.ts';

/** What is in a Secret that an issuer names, and which state of it that is. */
export type IssuerSecret = { readonly clientSecret: string; readonly version: string };

/**
 * The Secrets that a Tenant's issuers name, by name. One that is missing or lacks `clientSecret` is absent: its issuer is offered once
 * it is there. They are read at each pass, as nothing else tells when they change.
 */
export async function readIssuerSecrets(
  api: Api,
  namespace: string,
  spec: TenantSpec | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, IssuerSecret>> {
  const names = new Set(spec === undefined ? [] : issuersOf(spec).map(({ secretName }) => secretName));
  const secrets = new Map<string, IssuerSecret>();
  for (const name of names) {
    const read = await api.get<Secret>(secretKind, { namespace, name }, { signal });
    if (read.kind === 'notFound') continue;
    const { data, metadata } = expectOk(read, `reading Secret ${name}`);
    const clientSecret = Buffer.from(data?.['clientSecret'] ?? '', 'base64')
      .toString('utf8')
      .trim();
    if (clientSecret !== '') secrets.set(name, { clientSecret, version: metadata.resourceVersion ?? '' });
  }
  return secrets;
}
