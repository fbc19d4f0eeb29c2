import { z } from 'zod';
import { amounts, fromRegistry, image, monitoring, peer, placement, revision, tracing } from './pieces.ts';

/** The values of `driftbox-operator`, as its values.schema.json says them. */
export const operatorValues = z.strictObject({
  ...fromRegistry,
  images: z.strictObject({ operator: image }),
  profile: z.enum(['standard']).describe('what the operator asks for: `files/profiles.yaml`'),
  sizes: z
    .strictObject({
      operator: z
        .strictObject({ ...amounts, replicas: z.int().min(1).max(5) })
        .partial()
        .optional(),
    })
    .describe('changes single numbers of it'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  secrets: z.strictObject({ revision }),
  crds: z.strictObject({ install: z.boolean().describe('with the custom resource definitions, which stay when the release goes') }),
  roles: z.strictObject({
    aggregate: z.boolean().describe('adds `driftbox-view` to what everybody with the role `view` in the cluster sees'),
  }),
  networkPolicy: z.strictObject({
    enabled: z.boolean().describe('nobody but `monitoring` reaches the operator'),
    monitoring: peer.describe('who reads figures'),
  }),
  monitoring: z.strictObject({
    ...monitoring.shape,
    prometheusRules: z.boolean().describe('rules and alerts for all cells, once; needs the custom resources of the Prometheus operator'),
    dashboards: z.boolean().describe('Grafana’s dashboards as ConfigMaps, which its sidecar finds by their label'),
    dashboardLabels: monitoring.shape.labels.describe('labels by which that sidecar chooses them'),
    grafanaUrl: z
      .string()
      .max(300)
      .regex(/^(https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._-]+)*)?$/)
      .describe(
        'where people reach Grafana, `https://grafana.example.com`: alerts lead to their panels there; empty: they say its path alone',
      ),
  }),
  tracing: z.strictObject(tracing),
  ...placement,
});

/** Values of `driftbox-operator` as somebody writes them; what has a default in values.yaml may be left out there. */
export type OperatorValues = z.input<typeof operatorValues>;
