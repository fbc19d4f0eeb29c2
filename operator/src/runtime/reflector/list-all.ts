import type { Api, Selection } from '../api/api.ts';
import type { Answer } from '../api/answer.ts';
import type { KubeObject, ObjectPage, ResourceKind } from '../api/object.ts';

/** What is listed, how, and what is kept of each object. */
export type ListAllOptions<T extends KubeObject> = {
  readonly api: Pick<Api, 'list'>;
  readonly kind: ResourceKind;
  readonly selection: Selection;
  readonly pageSize: number;
  /** Applied page by page, so that what is stripped is never held for all at once. */
  readonly ingest: (object: T) => T;
  readonly signal: AbortSignal;
};

/**
 * All objects of a selection at one state of the server, the newest. Pages whose token has aged away (410) are given up for one list
 * in a single piece, as client-go does: a server too slow for pages would never come to an end.
 */
export async function listAll<T extends KubeObject>(options: ListAllOptions<T>): Promise<Answer<ObjectPage<T>>> {
  const paged = await listPages(options, options.pageSize);
  return paged.kind === 'gone' ? listPages(options, undefined) : paged;
}

async function listPages<T extends KubeObject>(options: ListAllOptions<T>, limit: number | undefined): Promise<Answer<ObjectPage<T>>> {
  const { api, kind, selection, ingest, signal } = options;
  const items: T[] = [];
  for (let continueToken: string | undefined; ;) {
    const answer = await api.list<T>(kind, selection, { limit, continueToken, signal });
    if (answer.kind !== 'ok') return answer;
    for (const item of answer.value.items) items.push(ingest(item));
    continueToken = answer.value.continueToken;
    if (continueToken === undefined) return { kind: 'ok', value: { ...answer.value, items } };
  }
}
