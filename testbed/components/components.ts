import type { Component } from './component.ts';
import {
  helmProgram,
  faketimeProgram,
  jaegerProgram,
  k6Program,
  kafkaJars,
  kubernetesProgram,
  minioProgram,
  nginxProgram,
  openbaoProgram,
  prometheusProgram,
  alertmanagerProgram,
  redisProgram,
} from './programs.ts';
import { showFaketime } from './servers/faketime.ts';
import { showHelm } from './servers/helm.ts';
import { startBareJaeger } from './servers/jaeger.ts';
import { showK6 } from './servers/k6.ts';
import { startKafka } from './servers/kafka.ts';
import { startKubernetes } from './servers/kubernetes.ts';
import { startMinio, startMinioCluster } from './servers/minio.ts';
import { startBareNginx } from './servers/nginx.ts';
import { startOidcProvider } from './servers/oidc.ts';
import { startOpenbao } from './servers/openbao.ts';
import { startPostgres } from './servers/postgres.ts';
import { startBareAlertmanager } from './servers/alertmanager.ts';
import { startBarePrometheus } from './servers/prometheus.ts';
import { startRedis } from './servers/redis.ts';
import { startSmtpSink } from './servers/smtp.ts';

/** Every component, in the order in which they are listed and installed. */
export const components: readonly Component[] = [
  { name: 'postgres', about: 'PostgreSQL 18 with a synchronous standby', needs: [], start: startPostgres },
  { name: 'redis', about: 'Redis without persistence', needs: [redisProgram], start: (folder) => startRedis(folder) },
  { name: 'kafka', about: 'Kafka, one broker', needs: [kafkaJars], start: (folder) => startKafka(folder, 1) },
  {
    name: 'kafka-cluster',
    about: 'Kafka, three brokers of which one may be lost',
    needs: [kafkaJars],
    start: (folder) => startKafka(folder, 3),
  },
  { name: 'nginx', about: 'NGINX with an empty configuration', needs: [nginxProgram], start: startBareNginx },
  { name: 'helm', about: 'Helm, for charts', needs: [helmProgram], start: showHelm },
  { name: 'alertmanager', about: 'Alertmanager with nobody to tell', needs: [alertmanagerProgram], start: startBareAlertmanager },
  { name: 'prometheus', about: 'Prometheus that watches itself, and promtool', needs: [prometheusProgram], start: startBarePrometheus },
  { name: 'jaeger', about: 'Jaeger, for traces', needs: [jaegerProgram], onlyNamed: true, start: startBareJaeger },
  { name: 'faketime', about: 'libfaketime, for clocks that are wrong', needs: [faketimeProgram], start: showFaketime },
  { name: 'k6', about: 'k6, for load', needs: [k6Program], start: showK6 },
  { name: 'smtp', about: 'an SMTP server that keeps every mail, also as a file', needs: [], start: startSmtpSink },
  { name: 'oidc', about: 'an OpenID provider at which anybody signs in', needs: [], start: () => startOidcProvider() },
  { name: 'openbao', about: 'OpenBao, unsealed, with transit', needs: [openbaoProgram], start: startOpenbao },
  { name: 'minio', about: 'MinIO, one node with four drives', needs: [minioProgram], start: startMinio },
  { name: 'minio-cluster', about: 'MinIO, four nodes of one drive', needs: [minioProgram], start: startMinioCluster },
  { name: 'kubernetes', about: 'a Kubernetes API server without nodes', needs: [kubernetesProgram], start: startKubernetes },
];

/** The component of that name. Throws, naming all, when there is none. */
export function componentOf(name: string): Component {
  const found = components.find((component) => component.name === name);
  if (found === undefined) throw new Error(`there is no component ${name}. Known: ${components.map((one) => one.name).join(', ')}`);
  return found;
}
