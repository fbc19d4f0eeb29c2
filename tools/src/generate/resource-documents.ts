import { apiDocument, conditionsDocument, manifestFiles } from '@driftbox/resources';
import type { GeneratedDocument } from './document.ts';

/** `crds/*.yaml`, which make a cluster know our kinds, and `docs/api.md` and `docs/conditions.md`, which describe them. */
export const resourceDocuments: readonly GeneratedDocument[] = [
  ...manifestFiles().map(({ path, text }) => ({ path, build: () => text })),
  { path: 'docs/api.md', build: apiDocument },
  { path: 'docs/conditions.md', build: conditionsDocument },
];
