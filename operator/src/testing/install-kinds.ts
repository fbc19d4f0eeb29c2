import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@driftbox/testkit';
import { parseAllDocuments } from 'yaml';
import { cellResource } from '../cell/cell.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { poolResource } from '../storage-pool/pool.ts';
import { tenantResource } from '../tenant/tenant.ts';
import { definitionKind } from './definition-kind.ts';

const crds = path.resolve(import.meta.dirname, '../../../crds');

/** Installs our kinds, and waits until the API server serves them. */
export async function installKinds(api: Api): Promise<void> {
  for (const file of (await readdir(crds)).filter((name) => name.endsWith('.yaml'))) {
    for (const document of parseAllDocuments(await readFile(path.join(crds, file), 'utf8'))) {
      const manifest = document.toJS() as KubeObject;
      if (manifest.kind !== definitionKind.kind) continue;
      expectOk(await api.apply(definitionKind, manifest, { manager: 'driftbox-test' }), `installing ${file}`);
    }
  }
  for (const kind of [cellResource, poolResource, tenantResource])
    await waitFor(async () => (await api.list(kind, {})).kind === 'ok', { deadlineMs: 20_000, what: kind.kind });
}
