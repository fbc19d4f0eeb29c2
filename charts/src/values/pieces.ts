import { z } from 'zod';

// Values end up in YAML and in shell-free arguments: each has a pattern that leaves no room for anything of its own.

/** The name of an object in the release's namespace. */
export const objectName = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** As above, or empty for none. */
export const optionalName = z
  .string()
  .max(63)
  .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/);

/** A TCP port. */
export const port = z.int().min(1).max(65_535);

const repository = z
  .string()
  .max(200)
  .regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/);
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .describe('required: what runs is what was tested, whatever a tag says today');

/** An image. */
export const image = z.strictObject({ repository, digest });

/** An image whose processes run as a user of its own making. */
export const serverImage = z.strictObject({
  repository,
  digest,
  user: z.int().min(1).max(4_294_967_294).describe('number of the user that the image has for its server; official images differ'),
});

const cpu = z.string().regex(/^([0-9]+m|[0-9]+(\.[0-9]{1,3})?)$/);
/** An amount of memory or of disk. */
export const bytes = z.string().regex(/^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/);

/** What every part has: what it asks for and what it may take. */
export const amounts = { cpu, cpuLimit: cpu, memory: bytes, memoryLimit: bytes };

/** A peer of a NetworkPolicy, as Kubernetes has it. */
export const peer = z.strictObject({
  podSelector: z.looseObject({}).optional(),
  namespaceSelector: z.looseObject({}).optional(),
  ipBlock: z.strictObject({ cidr: z.string().max(64), except: z.array(z.string().max(64)).max(64).optional() }).optional(),
});

const texts = z.record(z.string().max(253), z.string().max(4_096));

/** Where all images come from, and who may fetch them. */
export const fromRegistry = {
  imageRegistry: z
    .string()
    .max(253)
    .regex(/^([a-z0-9][a-z0-9.-]*(:[0-9]+)?(\/[a-z0-9][a-z0-9._-]*)*)?$/)
    .describe('stands in front of every image, `registry.example.com:5000/mirror`; empty for what the nodes have'),
  imagePullSecrets: z.array(objectName).max(8).describe('names of Secrets that every pod may fetch images with'),
};

/** Where pods may run. */
export const placement = {
  nodeSelector: texts.describe('labels of the nodes that pods may run on'),
  tolerations: z.array(z.looseObject({})).max(16).describe('as in a pod'),
  priorityClassName: optionalName.describe('as in a pod'),
};

/** Secrets are read at start. */
export const revision = z.string().max(128).describe('changes whenever a Secret does, so that pods start anew with it');

/** Whom pods may ask for names. */
export const dns = z.strictObject({
  peers: z.array(peer).max(8).describe('who answers questions for names'),
  ports: z.array(port).min(1).max(4).describe('on which of its own ports, which may differ from the 53 that is asked'),
});

/** Figures for Prometheus. */
export const monitoring = z.strictObject({
  serviceMonitors: z.boolean().describe('needs the custom resources of the Prometheus operator'),
  interval: z
    .string()
    .regex(/^[0-9]+(s|m)$/)
    .describe('how often figures are read'),
  labels: texts.describe('labels by which a Prometheus chooses them'),
});

/** Where traces go. */
export const tracing = {
  endpoint: z
    .string()
    .max(300)
    .regex(/^(https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._/-]*)?)?$/)
    .describe('OTLP collector over HTTP, `http://collector.tracing:4318`; empty: nothing is traced'),
  share: z
    .string()
    .regex(/^(0|1|0\.[0-9]{1,6})$/)
    .describe('of all traces, those that are kept; one with an error always is'),
  headersSecret: optionalName.describe('Secret with `headers`, sent to the collector as `name=value,name=value`'),
};

/** Annotations of an object. */
export const annotations = texts;
