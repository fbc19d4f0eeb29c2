import { kubectl } from '../../cluster/kubectl.ts';
import type { Point } from '../point.ts';
import { haveTrial, mustFetch, patienceSeconds, trial, waitReady } from './trial.ts';

const cell = 'cells.driftbox.io/trial';

/** Somebody changes what Helm has made; the next full look, which a person may ask for, finds it. */
export const editedByHand: Point = {
  number: 4,
  promise: 'a Deployment edited by hand is reported and corrected',
  async show(tell) {
    await haveTrial(tell);
    await waitReady(cell);
    const level = ['-n', trial.namespace, 'get', 'deployment', 'trial-share', '-o', 'json'];
    const before = settingsOf(await kubectl(level));
    await kubectl(['-n', trial.namespace, 'set', 'env', 'deployment/trial-share', 'DRIFTBOX_LOG_LEVEL=debug']);
    const edited = settingsOf(await kubectl(level));
    const startMs = performance.now();
    const token = String(Date.now());
    await kubectl(['annotate', cell, `driftbox.io/requested-at=${token}`, '--overwrite']);
    await kubectl(['wait', `--for=jsonpath={.status.requestedAt}=${token}`, cell, `--timeout=${patienceSeconds}s`]);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    const said = await kubectl(['get', cell, '-o', 'jsonpath={.status.conditions[?(@.type=="Drifted")].message}']);
    const after = settingsOf(await kubectl(level));
    await mustFetch();
    return {
      holds: edited !== before && after === before && said.includes('Deployment trial-share'),
      figure: `${seconds} s after it was asked for; the Cell says: ${said}`,
    };
  },
};

function settingsOf(deployment: string): string {
  const { spec } = JSON.parse(deployment) as { readonly spec: { readonly template: { readonly spec: { readonly containers: unknown } } } };
  return JSON.stringify(spec.template.spec.containers);
}
