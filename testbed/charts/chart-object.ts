/** The parts of Kubernetes objects that rules look at. What is not named here is there all the same. */
export type ChartObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: Spec;
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly RightsRule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly automountServiceAccountToken?: boolean;
};

/** Labels or annotations. */
export type Labels = Readonly<Record<string, string>>;
/** A selector by labels; ours use no expressions. */
export type Selector = { readonly matchLabels?: Labels };
/** A rule of a Role or a ClusterRole. */
export type RightsRule = {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
};
type Peer = { readonly podSelector?: Selector; readonly namespaceSelector?: Selector };
type PolicyPort = { readonly port?: number };
type Spec = {
  readonly replicas?: number;
  readonly serviceName?: string;
  readonly selector?: Selector & Labels;
  readonly podSelector?: Selector;
  readonly template?: { readonly metadata: { readonly labels?: Labels; readonly annotations?: Labels }; readonly spec?: Pod };
  readonly ports?: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  readonly endpoints?: readonly { readonly port: string }[];
  readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
  readonly minReplicas?: number;
  readonly maxUnavailable?: number;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
};

/** A pod's specification. */
export type Pod = {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type: string };
  };
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string; readonly labelSelector?: Selector }[];
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
};

/** A container of a pod. */
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly restartPolicy?: string;
  readonly args?: readonly string[];
  readonly env?: readonly Setting[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly hostPort?: number }[];
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number }; readonly exec?: object } };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly privileged?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly runAsUser?: number;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
};

type Probe = {
  readonly httpGet?: { readonly port: string };
  readonly tcpSocket?: { readonly port: string };
  readonly exec?: { readonly command: readonly string[] };
};
/** One environment variable. */
export type Setting = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string }; readonly fieldRef?: object };
};
type Volume = {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit?: string };
  readonly secret?: { readonly secretName: string; readonly items?: readonly { readonly key: string; readonly path: string }[] };
  readonly configMap?: { readonly name: string };
};

/** An object that makes pods, and its pods. */
export type Workload = { readonly object: ChartObject; readonly labels: Labels; readonly pod: Pod };

/** All that make pods. */
export function workloadsOf(objects: readonly ChartObject[]): Workload[] {
  return objects.flatMap((object) => {
    const template = object.spec?.template;
    // A template of a kind of others is none of pods.
    return template?.spec === undefined ? [] : [{ object, labels: template.metadata.labels ?? {}, pod: template.spec }];
  });
}

/** A pod's containers, those that come first included. */
export function containersOf(pod: Pod): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers];
}

/** Those that run as long as their pod does. */
export function lastingContainersOf(pod: Pod): Container[] {
  return [...(pod.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'), ...pod.containers];
}

/** `Deployment/cell-auth`. */
export function nameOf({ kind, metadata }: ChartObject): string {
  return `${kind}/${metadata.name}`;
}

/** True where the labels have all that is selected; nothing selected is everything. */
export function selects(selector: Labels | undefined, labels: Labels | undefined): boolean {
  return Object.entries(selector ?? {}).every(([name, value]) => labels?.[name] === value);
}
