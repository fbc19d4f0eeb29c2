import { debianProgram } from './install/debian-program.ts';
import { goProgram } from './install/go-program.ts';
import { mavenJars } from './install/maven-jars.ts';

/** MinIO's last open release; AGPL: only ever run as a server of its own. */
export const minioProgram = goProgram({ name: 'minio', version: '2026-02-12', package: 'github.com/minio/minio' });

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
