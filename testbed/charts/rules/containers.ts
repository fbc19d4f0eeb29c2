import { containersOf, lastingContainersOf, nameOf, workloadsOf, type Container, type Pod } from '../chart-object.ts';
import type { Rule } from '../rule.ts';

type Complain = (container: Container, pod: Pod) => readonly (string | false)[];

/** A rule about each container, or each that lasts. */
function ofContainers(name: string, choose: (pod: Pod) => readonly Container[], complain: Complain): Rule {
  return {
    name,
    check: ({ objects }) =>
      workloadsOf(objects).flatMap(({ object, pod }) =>
        choose(pod).flatMap((container) =>
          complain(container, pod).flatMap((wrong) => (wrong === false ? [] : [`${nameOf(object)} ${container.name}: ${wrong}`])),
        ),
      ),
  };
}

/** What runs is named by its content. */
export const imagesByDigest = ofContainers('images by digest', containersOf, ({ image }) => [
  !/^[^@]+@sha256:[0-9a-f]{64}$/.test(image) && `${image} has no digest`,
]);

/** A node that has an image asks no registry, which may be away: so Kubernetes treats what has a digest, unless it is told otherwise. */
export const pulledOnce = ofContainers('pulled once', containersOf, ({ imagePullPolicy }) => [
  imagePullPolicy !== undefined && `is pulled ${imagePullPolicy}`,
]);

/** Each says what it asks for and what it may take. */
export const boundedResources = ofContainers('requests and limits', containersOf, ({ resources }) =>
  (['requests', 'limits'] as const).flatMap((kind) =>
    ['cpu', 'memory'].map((what) => resources?.[kind]?.[what] === undefined && `no ${what} in ${kind}`),
  ),
);

/** Whoever lasts says that it lives and that it can serve, on ports that it has. */
export const probes = ofContainers('probes', lastingContainersOf, ({ readinessProbe, livenessProbe, startupProbe, ports = [] }) => [
  readinessProbe === undefined && 'no readiness probe',
  livenessProbe === undefined && 'no liveness probe',
  ...[readinessProbe, livenessProbe, startupProbe].map((probe) => {
    const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
    return port !== undefined && !ports.some(({ name }) => name === port) && `a probe asks at ${port}, which it has not`;
  }),
]);

/** Without rights that it does not need: PodSecurity's level `restricted`, and nothing to write to but its volumes. */
export const restrictedContainers = ofContainers('restricted containers', containersOf, ({ securityContext, ports = [] }) => [
  securityContext?.allowPrivilegeEscalation !== false && 'may gain privileges',
  securityContext?.readOnlyRootFilesystem !== true && 'may write to its image',
  securityContext?.privileged === true && 'is privileged',
  securityContext?.runAsUser === 0 && 'is root',
  JSON.stringify(securityContext?.capabilities) !== '{"drop":["ALL"]}' && 'keeps capabilities',
  ports.some(({ hostPort }) => hostPort !== undefined) && 'takes a port of its node',
]);

/** Ends like a secret and is none: what a key is called where it never leaves. */
const namesOfKeys = new Set(['DRIFTBOX_TRANSIT_KEY']);

/** A setting is there once, and one that is secret is nowhere in the open. */
export const settings = ofContainers('settings', containersOf, ({ env = [] }) => [
  new Set(env.map(({ name }) => name)).size < env.length && 'sets something twice',
  ...env.map(
    ({ name, value }) =>
      value !== undefined &&
      !namesOfKeys.has(name) &&
      /(_KEY|_SECRET|PASSWORD|DATABASE_URL|REDIS_URL|SMTP_URL|HEADERS)$/.test(name) &&
      `${name} is in the open`,
  ),
]);

/** What it mounts is there, and only volumes that are meant for it can be written to. */
export const mounts = ofContainers('mounts', containersOf, ({ volumeMounts = [] }, { volumes = [] }) =>
  volumeMounts.map(({ name, readOnly }) => {
    const volume = volumes.find((one) => one.name === name);
    if (volume === undefined) return name !== 'data' && `mounts ${name}, which is no volume`;
    return volume.emptyDir === undefined && readOnly !== true && `may write to ${name}`;
  }),
);

/** On the way out there is time: until nobody asks it any more, and to answer. */
export const drain = ofContainers(
  'drain',
  ({ containers }) => containers,
  ({ name, lifecycle }, { terminationGracePeriodSeconds = 0 }) => [
    lifecycle?.preStop === undefined && name !== 'redis' && 'is stopped while it is still asked',
    (lifecycle?.preStop?.sleep?.seconds ?? 0) >= terminationGracePeriodSeconds && 'sleeps until it is killed',
  ],
);
