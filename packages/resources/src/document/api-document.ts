import { apiVersion, type Kind } from '../define-kind.ts';
import { structuralSchema, type StructuralSchema } from '../crd/structural-schema.ts';
import { kinds } from '../kinds.ts';
import { rulesOf } from '../schema/rule.ts';

const isNot = 'is not ';

type Validation = { readonly message: string; readonly fieldPath?: string };

/** `docs/api.md`: every kind with its fields, their types, defaults, bounds and rules. */
export function apiDocument(): string {
  return [
    '# Resources',
    '<!-- Generated from packages/resources by `npm run generate`. -->',
    '',
    `The kinds of \`${apiVersion}\`, all cluster-scoped: they are for administrators of the platform.`,
    '`kubectl explain tenants.spec --api-version=driftbox.io/v1alpha1` says the same at a terminal.',
    'Examples that can be applied are in [crds/samples](../crds/samples).',
    '',
    "Every Secret is named without namespace: it lies in the operator's. Sizes are whole, with one unit at most: `500Gi`, `2T`.",
    'A field without default may be left out unless it is marked as required.',
    '',
    ...kinds.flatMap(section),
  ].join('\n');
}

function section(kind: Kind): string[] {
  const rules = rulesOf(kind.resource).map(({ message }) => `- ${message}`);
  return [
    `## ${kind.kind}`,
    kind.about,
    '',
    `\`kubectl get ${kind.plural}.driftbox.io\`, short \`${kind.shortName}\`.`,
    '',
    '| field | type | default | |',
    '|---|---|---|---|',
    ...rows('spec', structuralSchema(kind.spec), false),
    '',
    'Rules:',
    ...rules,
    ...rulesBelow('spec', structuralSchema(kind.spec)),
    '',
    'Status, written by the operator:',
    '',
    '| field | type | |',
    '|---|---|---|',
    ...rows('status', structuralSchema(kind.status), false).map((row) => row.split(' | ').toSpliced(2, 1).join(' | ')),
    '',
  ];
}

function rows(path: string, node: StructuralSchema, isRequired: boolean): string[] {
  const own = node['description'] === undefined || !path.includes('.') ? [] : [row(path, node, isRequired)];
  return [...own, ...children(path, node).flatMap(([below, child, required]) => rows(below, child, required))];
}

function children(path: string, node: StructuralSchema): [string, StructuralSchema, boolean][] {
  const properties = Object.entries((node['properties'] ?? {}) as Record<string, StructuralSchema>);
  const required = (node['required'] ?? []) as readonly string[];
  const items = node['items'] as StructuralSchema | undefined;
  const fields = properties.map(([name, child]): [string, StructuralSchema, boolean] => [
    `${path}.${name}`,
    child,
    required.includes(name),
  ]);
  return items === undefined ? fields : [...fields, [`${path}[]`, items, false]];
}

function row(path: string, node: StructuralSchema, isRequired: boolean): string {
  const standard = isRequired ? 'required' : node['default'] === undefined ? '' : `\`${JSON.stringify(node['default'])}\``;
  return `| \`${path}\` | ${typeOf(node)} | ${standard} | ${String(node['description'])} |`;
}

function typeOf(node: StructuralSchema): string {
  const { type, enum: values, minimum, maximum, maxLength, minItems, maxItems, maxProperties, items } = node;
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(' or ');
  if (type === 'integer') return `whole number, ${minimum} to ${maximum === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : maximum}`;
  if (type === 'array') {
    const item = typeOf(items as StructuralSchema);
    return `list of ${minItems === undefined ? 'at most' : `${minItems} to`} ${maxItems}: ${item}`;
  }
  if (type === 'string') return formOf(node) ?? `text of at most ${maxLength}`;
  return maxProperties === undefined ? String(type) : `map of at most ${maxProperties}`;
}

/** What a text has to be, by its rule: "is not a size such as 500Gi". */
function formOf(node: StructuralSchema): string | undefined {
  const messages = validations(node).map(({ message }) => message);
  return messages.find((message) => message.startsWith(isNot))?.slice(isNot.length);
}

function validations(node: StructuralSchema): readonly Validation[] {
  return (node['x-kubernetes-validations'] ?? []) as readonly Validation[];
}

/** The rules of everything below, each with the path that it is about; not those that its type says. */
function rulesBelow(path: string, node: StructuralSchema): string[] {
  const own = validations(node)
    .filter(({ message }) => !message.startsWith(isNot))
    .map(({ message, fieldPath = '' }) => `- \`${path}${fieldPath}\`: ${message}`);
  return [...own, ...children(path, node).flatMap(([below, child]) => rulesBelow(below, child))];
}
