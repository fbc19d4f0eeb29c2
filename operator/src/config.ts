import { defineConfig, tracingSettings } from '@driftbox/service-kit';

/** Every setting of the operator. */
export const configTable = defineConfig({
  DRIFTBOX_KUBECONFIG: {
    type: 'string',
    optional: true,
    description:
      'File that says where the API server is and who asks; without it the way is found as kubectl finds it, in a pod by its account',
  },
  DRIFTBOX_OPERATOR_NAMESPACE: {
    type: 'string',
    default: 'driftbox-system',
    min: 1,
    max: 63,
    description: "The operator's own namespace, which holds its lease",
  },
  DRIFTBOX_OPERATOR_SELECTOR: {
    type: 'string',
    optional: true,
    max: 1_000,
    description: 'Label selector such as stage=canary: resources of ours without these labels are left alone, as if they were not there',
  },
  DRIFTBOX_OPERATOR_NAME: {
    type: 'string',
    optional: true,
    max: 200,
    description: "What this process calls itself in the lease and in events, such as the pod's name; the machine's name without it",
  },
  DRIFTBOX_OPERATOR_ACCOUNT: {
    type: 'string',
    optional: true,
    max: 253,
    description:
      'Its ServiceAccount in its own namespace, which it gives rights in the namespaces that it makes; none where it may do everything',
  },
  DRIFTBOX_OPERATOR_CATALOGUE: {
    type: 'string',
    optional: true,
    description:
      "Folder with images.json, and each version's charts in a folder of its name; without it Cells and StoragePools are left alone",
  },
  DRIFTBOX_HELM: { type: 'string', default: '/usr/local/bin/helm', description: 'The program Helm, version 4' },
  DRIFTBOX_IMAGE_REGISTRY: {
    type: 'string',
    default: '',
    max: 253,
    description: 'Stands in front of every image that pods of cells run, as registry.example.com:5000/mirror; empty for what nodes have',
  },
  DRIFTBOX_IMAGE_PULL_SECRETS: {
    type: 'string',
    default: '',
    max: 512,
    description: 'Names of Secrets with which those images may be fetched, separated by commas',
  },
  DRIFTBOX_OPERATOR_HOST: {
    type: 'string',
    default: '127.0.0.1',
    description: 'Address of /healthz, /readyz and /metrics; in a pod the probes need 0.0.0.0',
  },
  DRIFTBOX_OPERATOR_PORT: { type: 'int', default: 7109, min: 0, max: 65535, description: 'Port of /healthz, /readyz and /metrics' },
  DRIFTBOX_OPERATOR_WORKERS: {
    type: 'int',
    default: 4,
    min: 1,
    max: 100,
    description: 'How many resources of a kind are worked on at once',
  },
  DRIFTBOX_OPERATOR_REQUESTS_PER_SECOND: {
    type: 'int',
    default: 20,
    min: 1,
    max: 1_000,
    description: 'Requests per second to the API server in the long run, watches and lists included',
  },
  DRIFTBOX_OPERATOR_REQUEST_BURST: { type: 'int', default: 40, min: 1, max: 10_000, description: 'Requests to the API server at once' },
  ...tracingSettings,
  DRIFTBOX_LOG_LEVEL: {
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    description: 'Least level that is logged',
  },
});
