import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ComponentSuffix, TestComponents } from '@driftbox/testkit';
import type { RunningComponent } from './component.ts';
import { componentOf } from './components.ts';
import { isInstalled } from './install/cache.ts';
import { readKubeconfig } from './read-kubeconfig.ts';
import { faketimeLibrary } from './servers/faketime.ts';
import { helmCommand } from './servers/helm.ts';
import { k6Command } from './servers/k6.ts';
import { secureListener, startKafka } from './servers/kafka.ts';
import { kubectlCommand, startKubernetes } from './servers/kubernetes.ts';
import { startMinio } from './servers/minio.ts';
import { nginxCommand } from './servers/nginx.ts';
import { startOpenbao } from './servers/openbao.ts';
import { prometheusCommand } from './servers/prometheus.ts';
import { startSecureRedis } from './servers/redis.ts';
import { componentBySuffix } from './test-files.ts';

/** What a test run has started. */
export type StartedComponents = {
  readonly handedOver: Partial<TestComponents>;
  /** Stops everything, and leaves the logs of this run in `logFolder` in place of an earlier run's. */
  stop(logFolder: string): Promise<void>;
};

type Started = { readonly handedOver: Partial<TestComponents>; readonly running?: RunningComponent };

const starters: Readonly<Record<ComponentSuffix, (folder: string) => Promise<Started>>> = {
  redis: async (folder) => {
    const { running, secure } = await startSecureRedis(folder);
    return { running, handedOver: { redis: { url: running.addresses['url'] ?? '', secure } } };
  },
  s3: async (folder) => {
    const running = await startMinio(folder);
    return { running, handedOver: { s3: running.s3 } };
  },
  kafka: async (folder) => {
    const secure = await secureListener(folder);
    const running = await startKafka(folder, 1, secure);
    return { running, handedOver: { kafka: { brokers: running.brokers, secure } } };
  },
  // Each test starts the program with a configuration of its own.
  nginx: async () => ({ handedOver: { nginx: nginxCommand() } }),
  helm: async () => ({ handedOver: { helm: helmCommand() } }),
  prometheus: async () => ({ handedOver: { prometheus: prometheusCommand() } }),
  k6: async () => ({ handedOver: { k6: k6Command() } }),
  openbao: async (folder) => {
    const running = await startOpenbao(folder);
    return { running, handedOver: { openbao: running.openbao } };
  },
  faketime: async () => ({ handedOver: { faketime: { library: faketimeLibrary() } } }),
  k8s: async (folder) => {
    // Some of these files install charts.
    const helm = helmCommand();
    const given = process.env['DRIFTBOX_KUBECONFIG'];
    if (given !== undefined) return { handedOver: { helm, k8s: await readKubeconfig(kubectlCommand(), path.resolve(given)) } };
    const running = await startKubernetes(folder);
    return { running, handedOver: { helm, k8s: await readKubeconfig(running.kubectl, running.kubeconfig) } };
  },
};

/**
 * Starts what files of these suffixes need, in `folder`. Throws, with nothing left running, when one is not installed or
 * does not start.
 */
export async function startForTests(wanted: readonly ComponentSuffix[], folder: string): Promise<StartedComponents> {
  for (const suffix of wanted) {
    const component = componentOf(componentBySuffix[suffix]);
    if (component.needs.every(isInstalled)) continue;
    throw new Error(`*.${suffix}.test.ts need ${component.name}, which is not installed: npm run components -- install ${component.name}`);
  }
  const settled = await Promise.allSettled(wanted.map((suffix) => starters[suffix](path.join(folder, suffix))));
  const started = settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  const running = started.flatMap((one) => (one.running === undefined ? [] : [one.running]));
  const stopAll = (): Promise<unknown> => Promise.all(running.map((one) => one.stop()));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await stopAll();
    throw failed.reason;
  }
  return {
    handedOver: Object.assign({}, ...started.map((one) => one.handedOver)) as Partial<TestComponents>,
    stop: async (logFolder) => {
      await stopAll();
      await rm(logFolder, { recursive: true, force: true });
      await mkdir(logFolder, { recursive: true });
      for (const file of running.flatMap((one) => one.logFiles)) await copyFile(file, path.join(logFolder, path.basename(file)));
    },
  };
}
