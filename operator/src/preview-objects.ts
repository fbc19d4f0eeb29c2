import { differencesWhere, type Difference } from './differences-where.ts';
import { expectOk, type Api, type ApplyOptions, type KubeObject, type ResourceKind } from './runtime/index.ts';

/** An object, and where the API serves its kind. */
export type PlacedObject = { readonly kind: ResourceKind; readonly object: KubeObject };

/** So much of a value is shown. */
const longestValue = 80;

/**
 * What applying objects would change, a line for each that would be made or be another; the API server tries it, and nothing is changed.
 * What is in Secrets is not shown.
 */
export async function previewObjects(
  api: Pick<Api, 'get' | 'apply'>,
  objects: readonly PlacedObject[],
  { manager, signal }: Pick<ApplyOptions, 'manager' | 'signal'>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const { kind, object } of objects) {
    const called = `${object.kind} ${object.metadata.name}`;
    const live = await api.get<KubeObject>(kind, object.metadata, { signal });
    if (live.kind === 'notFound') {
      lines.push(`make ${called}`);
      continue;
    }
    const before = expectOk(live, `reading ${called}`);
    const after = expectOk(await api.apply(kind, object, { manager, dryRun: true, signal }), `trying ${called}`);
    const differences = differencesWhere(object, before, after);
    const shown = differences.map((one) => (object.kind === 'Secret' ? one.path : shownDifference(one)));
    if (shown.length > 0) lines.push(`change ${called}: ${shown.join(', ')}`);
  }
  return lines;
}

function shownDifference({ path, left, right }: Difference): string {
  return `${path} ${shownValue(left)} -> ${shownValue(right)}`;
}

function shownValue(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
