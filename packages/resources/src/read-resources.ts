import { parseAllDocuments } from 'yaml';
import { judge, type Fault } from './judge.ts';
import { kinds } from './kinds.ts';

/** A resource from a file, judged, with defaults filled in; its spec is what its kind says. */
export type ReadResource = { readonly kind: string; readonly name: string; readonly spec: unknown };

/** All resources of a file, or everything that is wrong, each line for people: `Tenant acme: spec.hosts[0] is not …`. */
export type ReadResources =
  | { readonly ok: true; readonly resources: readonly ReadResource[] }
  | { readonly ok: false; readonly faults: readonly string[] };

type Judged = { readonly faults: readonly string[]; readonly resource?: ReadResource };

/** Reads YAML, or JSON, of one or more documents. Nothing of a file is answered unless all of it is right. */
export function readResources(text: string): ReadResources {
  const documents = parseAllDocuments(text, { prettyErrors: true });
  const judged = [...documents].map((document): Judged => {
    if (document.errors.length > 0) return { faults: document.errors.map(({ message }) => message.split('\n')[0] ?? '') };
    try {
      return judgeDocument(document.toJS({ maxAliasCount: 100 }));
    } catch (error) {
      return { faults: [error instanceof Error ? error.message : String(error)] };
    }
  });
  const faults = judged.flatMap((one) => one.faults);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, resources: judged.flatMap(({ resource }) => resource ?? []) };
}

function judgeDocument(value: unknown): Judged {
  // What stands between two lines of dashes may be comments alone.
  if (value === null) return { faults: [] };
  const { kind: named, metadata } = Object(value) as { kind?: unknown; metadata?: unknown };
  const kind = kinds.find((one) => one.kind === named);
  if (kind === undefined)
    return { faults: [`kind: ${JSON.stringify(named) ?? 'none'} is none of ${kinds.map((one) => one.kind).join(', ')}`] };
  const name = String(Reflect.get(Object(metadata), 'name') ?? 'without a name');
  const judgement = judge(kind, value);
  if (!judgement.ok) return { faults: judgement.faults.map((fault) => `${kind.kind} ${name}: ${words(fault)}`) };
  const { spec } = judgement.resource as { spec: unknown };
  return { faults: [], resource: { kind: kind.kind, name, spec } };
}

function words({ path, message }: Fault): string {
  return path === '' ? message : `${path}: ${message}`;
}
