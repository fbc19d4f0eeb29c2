import { apiVersion, type Column, type Kind } from '../define-kind.ts';
import { rulesOf } from '../schema/rule.ts';
import { structuralSchema } from './structural-schema.ts';

const [group = '', version = ''] = apiVersion.split('/');

/** The CustomResourceDefinition of a kind. */
export function definitionOf(kind: Kind): object {
  const { plural, singular, shortName } = kind;
  const columns = [
    ...kind.columns,
    { name: 'Age', path: '.metadata.creationTimestamp', type: 'date' },
    { name: 'Message', path: '.status.conditions[?(@.type=="Ready")].message', wide: true },
  ] as const;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind: kind.kind, listKind: `${kind.kind}List`, plural, singular, shortNames: [shortName], categories: ['driftbox'] },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns.map(printerColumn),
          schema: { openAPIV3Schema: resourceSchema(kind) },
        },
      ],
    },
  };
}

function printerColumn({ name, path, type = 'string', ...rest }: Column): object {
  return { name, type, jsonPath: path, priority: rest.wide === true ? 1 : 0 };
}

function resourceSchema({ about, spec, status, resource }: Kind): object {
  const validations = rulesOf(resource).flatMap(({ cel, message }) => (cel === undefined ? [] : [{ rule: cel, message }]));
  return {
    type: 'object',
    description: about,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: { description: 'What it is to be.', ...structuralSchema(spec) },
      // Without a default an object that nobody has looked at yet would pass for one that is up to date.
      status: { description: 'What the operator has found.', ...structuralSchema(status), default: { observedGeneration: -1 } },
    },
    'x-kubernetes-validations': validations,
  };
}
