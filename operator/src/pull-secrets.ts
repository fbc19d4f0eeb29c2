import type { Trouble } from './cell/cell-observed.ts';
import type { ImageSource } from './cell/cell-input.ts';
import { readSecret } from './cell/read-copied.ts';
import type { Api } from './runtime/index.ts';
import type { SecretObject } from './secret.ts';

/** The Secrets with which images are fetched, and which of them is not there. */
export type PullSecretsSeen = { readonly secrets: readonly SecretObject[]; readonly missing?: Trouble };

/** Reads the Secrets that the operator was told to fetch images with, in its own namespace. Throws `ApiRefused` where it cannot. */
export async function readPullSecrets(
  api: Api,
  { pullSecrets }: ImageSource,
  operatorNamespace: string,
  signal: AbortSignal,
): Promise<PullSecretsSeen> {
  const secrets: SecretObject[] = [];
  for (const name of pullSecrets) {
    const secret = await readSecret(api, operatorNamespace, name, signal);
    if (secret === undefined) {
      const message = `imagePullSecrets of the operator: there is no Secret ${name} in its namespace`;
      return { secrets, missing: { reason: 'ReferenceMissing', message } };
    }
    secrets.push(secret);
  }
  return { secrets };
}

/** The same for pods of another namespace, which can use those of their own alone. */
export function pullSecretsIn(namespace: string, secrets: readonly SecretObject[]): SecretObject[] {
  return secrets.map(({ metadata: { name }, type, data }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'driftbox' } },
    ...(type === undefined ? {} : { type }),
    ...(data === undefined ? {} : { data }),
  }));
}
