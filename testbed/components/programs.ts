import { debianProgram } from './install/debian-program.ts';
import { goProgram } from './install/go-program.ts';
import { mavenJars } from './install/maven-jars.ts';

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
