import path from 'node:path';
import { waitFor, type KubeApi, type KubeObject } from '@driftbox/testkit';
import { parseAllDocuments } from 'yaml';
import { manifestFiles } from '../crd/files.ts';

/** Makes the cluster know our kinds and policies, as `kubectl apply -f crds` does; resolves when it takes them. */
export async function installKinds(api: KubeApi): Promise<void> {
  const manifests = manifestFiles().flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject));
  for (const manifest of manifests) {
    const { status, body } = await api.apply(pathOf(manifest), manifest);
    if (status >= 300) throw new Error(`${pathOf(manifest)}: ${String(body['message'])}`);
  }
  for (const manifest of manifests.filter(({ kind }) => kind === 'CustomResourceDefinition')) {
    await waitFor(async () => isEstablished((await api.send('GET', pathOf(manifest))).body), {
      deadlineMs: 20_000,
      what: pathOf(manifest),
    });
  }
}

const plurals: Readonly<Record<string, string>> = {
  CustomResourceDefinition: 'customresourcedefinitions',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
};

function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  return path.posix.join('/apis', String(apiVersion), plurals[String(kind)] ?? '', String(Reflect.get(Object(metadata), 'name')));
}

function isEstablished({ status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some((condition) => condition.type === 'Established' && condition.status === 'True');
}
