import type { CellSpec } from '@driftbox/resources';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { textOf, type SecretObject } from '../secret.ts';
import type { Copied } from './cell-input.ts';
import type { Trouble } from './cell-observed.ts';

type External = { readonly [Field in 'credentialsSecret' | 'authoritySecret' | 'certificateSecret']?: string | undefined };
type Named = { readonly field: string; readonly secret: string | undefined; readonly keys: readonly string[] };

/** Fields of a Cell that name Secrets of others, and the keys that they must have. */
function namedBy({ tracing, probe, postgres, redis, kafka }: CellSpec): Readonly<Record<keyof Copied, Named>> {
  const [login, authority, pair] = [['username', 'password'], ['ca.crt'], ['tls.crt', 'tls.key']];
  const of = (part: string, field: string, external: External | undefined, keys: readonly string[]): Named => ({
    field: `spec.${part}.external.${field}`,
    secret: external?.[field as keyof External],
    keys,
  });
  return {
    tracing: { field: 'spec.tracing.headersSecret', secret: tracing?.headersSecret, keys: ['headers'] },
    probe: { field: 'spec.probe.credentialsSecret', secret: probe?.credentialsSecret, keys: ['email', 'password'] },
    postgres: of('postgres', 'credentialsSecret', postgres.external, login),
    postgresAuthority: of('postgres', 'authoritySecret', postgres.external, authority),
    postgresCertificate: of('postgres', 'certificateSecret', postgres.external, pair),
    kafka: of('kafka', 'credentialsSecret', kafka.external, login),
    kafkaAuthority: of('kafka', 'authoritySecret', kafka.external, authority),
    redis: of('redis', 'credentialsSecret', redis.external, login),
    redisAuthority: of('redis', 'authoritySecret', redis.external, authority),
    redisCertificate: of('redis', 'certificateSecret', redis.external, pair),
  };
}

/** Reads the Secrets of others that a Cell names, and says what they lack. Throws `ApiRefused` where it cannot. */
export async function readCopied(
  api: Api,
  namespace: string,
  spec: CellSpec,
  signal: AbortSignal,
): Promise<{ readonly values: Copied; readonly troubles: readonly Trouble[] }> {
  const values: Record<string, Readonly<Record<string, string>>> = {};
  const troubles: Trouble[] = [];
  for (const [part, { field, secret: name, keys }] of Object.entries(namedBy(spec))) {
    if (name === undefined) continue;
    const secret = await readSecret(api, namespace, name, signal);
    const trouble = lacking(field, name, secret, keys);
    if (trouble !== undefined) troubles.push(trouble);
    const found = secret === undefined ? {} : textOf(secret);
    values[part] = Object.fromEntries(keys.map((key) => [key, found[key] ?? '']));
  }
  return { values, troubles };
}

/** What a Secret lacks that a field names; undefined when nothing. */
export function lacking(field: string, name: string, secret: SecretObject | undefined, keys: readonly string[]): Trouble | undefined {
  if (secret === undefined)
    return { reason: 'ReferenceMissing', message: `${field}: there is no Secret ${name} in the operator's namespace` };
  const absent = keys.filter((key) => (secret.data?.[key] ?? '') === '');
  return absent.length === 0
    ? undefined
    : { reason: 'SecretIncomplete', message: `${field}: the Secret ${name} has no ${absent.join(', ')}` };
}

/** A Secret in the operator's namespace; undefined where there is none. */
export async function readSecret(api: Api, namespace: string, name: string, signal: AbortSignal): Promise<SecretObject | undefined> {
  const answer = await api.get<SecretObject>(kubeKinds.secret, { namespace, name }, { signal });
  return answer.kind === 'notFound' ? undefined : expectOk(answer, `reading the Secret ${name}`);
}
