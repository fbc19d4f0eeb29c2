import os from 'node:os';
import { createLogger, loadConfig, readTracing, startTracing, stopOnSignal } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createOperator } from './app.ts';
import { readCatalogue } from './catalogue.ts';
import { configTable } from './config.ts';
import { accessFrom, accessFromPod, findPodAccount, openProbeDoor, readKubeConfig } from './runtime/index.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const log = createLogger({ service: 'operator', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing({ config, secrets }), 'operator', log);
const registry = new Registry();
const account = config.DRIFTBOX_KUBECONFIG === undefined ? findPodAccount(process.env) : undefined;
const newAccess = () => (account === undefined ? accessFrom(readKubeConfig(config.DRIFTBOX_KUBECONFIG)) : accessFromPod(account));
const folder = config.DRIFTBOX_OPERATOR_CATALOGUE;
const catalogue = folder === undefined ? undefined : await readCatalogue(folder);
const operator = createOperator({
  access: newAccess(),
  electionAccess: newAccess(),
  namespace: config.DRIFTBOX_OPERATOR_NAMESPACE,
  name: config.DRIFTBOX_OPERATOR_NAME ?? os.hostname(),
  workers: config.DRIFTBOX_OPERATOR_WORKERS,
  rate: { perSecond: config.DRIFTBOX_OPERATOR_REQUESTS_PER_SECOND, burst: config.DRIFTBOX_OPERATOR_REQUEST_BURST },
  log,
  registry,
  only: config.DRIFTBOX_OPERATOR_SELECTOR,
  making:
    catalogue === undefined
      ? undefined
      : {
          catalogue,
          helm: { command: config.DRIFTBOX_HELM, kubeconfig: config.DRIFTBOX_KUBECONFIG },
          images: {
            registry: config.DRIFTBOX_IMAGE_REGISTRY,
            pullSecrets: config.DRIFTBOX_IMAGE_PULL_SECRETS.split(',').filter((name) => name !== ''),
          },
          account: config.DRIFTBOX_OPERATOR_ACCOUNT,
        },
});
const { alive, ready } = operator;
const door = await openProbeDoor({ host: config.DRIFTBOX_OPERATOR_HOST, port: config.DRIFTBOX_OPERATOR_PORT, alive, ready, registry });
log.info({ host: config.DRIFTBOX_OPERATOR_HOST, port: door.port }, 'probes');

stopOnSignal(async () => {
  await operator.stop();
  await door.close();
  await tracing.stop();
}, log);
// Nobody can say what of its work is still under way: only a new process may run for the lead again.
void operator.lost.then(() => {
  log.fatal('the lead was lost');
  log.flush();
  process.exit(1);
});
await operator.start();
