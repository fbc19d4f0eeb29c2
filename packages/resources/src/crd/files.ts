import { stringify } from 'yaml';
import { kinds } from '../kinds.ts';
import { deletionProtectionPolicy } from './deletion-protection.ts';
import { definitionOf } from './definition.ts';

/** A committed file, by its path from the root. */
export type ManifestFile = { readonly path: string; readonly text: string };

/** What a cluster needs before it can hold resources: the definition of each kind, and the admission policy. */
export function manifestFiles(): ManifestFile[] {
  return [
    ...kinds.map((kind) => file(`crds/${kind.plural}.yaml`, [definitionOf(kind)])),
    file('crds/deletion-protection.yaml', deletionProtectionPolicy()),
  ];
}

function file(path: string, documents: readonly object[]): ManifestFile {
  // Long rules stay on one line each: folded text is hard to compare.
  const text = documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
  return { path, text: `# Generated from packages/resources by \`npm run generate\`.\n${text}` };
}
