import { apiVersion, type Kind } from '@driftbox/resources';
import type { ResourceKind } from './runtime/index.ts';

/** The API group of our kinds. */
export const resourceGroup = apiVersion.split('/')[0] ?? '';

/** Where the API serves one of our kinds; all of them belong to the whole cluster. */
export function resourceKindOf({ kind, plural }: Pick<Kind, 'kind' | 'plural'>): ResourceKind {
  const [group = '', version = ''] = apiVersion.split('/');
  return { group, version, kind, plural, namespaced: false };
}
