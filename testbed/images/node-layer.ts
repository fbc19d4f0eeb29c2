import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { emptyRoot, putFile, putProgram, putSystem } from './root-folder.ts';

/** The certificate authorities that public servers are checked against, where this system keeps them. */
const authorities = '/etc/ssl/certs/ca-certificates.crt';

/** Makes the lowest layer of everything that is written in TypeScript: Node as the project pins it, and what it expects. */
export async function nodeLayer(folder: string): Promise<string> {
  const root = await emptyRoot(folder);
  await putSystem(root);
  await putProgram(root, pinnedNode(), 'usr/local/bin/node');
  if (existsSync(authorities)) await putFile(root, authorities, 'etc/ssl/certs/ca-certificates.crt');
  return root;
}

function pinnedNode(): string {
  return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
}

/** How such an image starts a program that is named to it. */
export const nodeEntrypoint: readonly string[] = ['/usr/local/bin/node', '--no-warnings'];
/** What Node's programs find in their environment; the second bounds memory as `npm start` does (tools/bootstrap/run-task.mjs). */
export const nodeEnvironment: readonly string[] = ['NODE_ENV=production', 'NODE_OPTIONS=--max-semi-space-size=8'];
