import { setTimeout as delay } from 'node:timers/promises';
import { kubectl } from '../../cluster/kubectl.ts';
import type { Point } from '../point.ts';
import { haveTrial, mustFetch, patienceSeconds, putAnother, trial, waitReady } from './trial.ts';

const awayMs = process.env['DRIFTBOX_ACCEPT_SMALL'] === undefined ? 300_000 : 30_000;
const kills = 5;
const deployment = 'deployment/driftbox-operator';
const operators = ['-n', trial.operators] as const;

/** Nobody is there for a while, and somebody who is killed: people notice neither, and what was asked meanwhile is done afterwards. */
export const operatorAway: Point = {
  number: 3,
  promise:
    'operator scaled to zero for five minutes, then killed five times: people go on, and what was asked meanwhile is done afterwards',
  async show(tell) {
    await haveTrial(tell);
    await kubectl([...operators, 'scale', deployment, '--replicas=0']);
    await kubectl([...operators, 'wait', '--for=delete', 'pod', '-l', 'app.kubernetes.io/component=operator', '--timeout=120s']);
    tell('the operator is away');
    await kubectl(['patch', 'quotas.driftbox.io/trial', '--type=merge', '-p', '{"spec":{"storage":"6Gi"}}']);
    let served = 0;
    for (const untilMs = performance.now() + awayMs; performance.now() < untilMs; served += 1) {
      await mustFetch();
      await putAnother(`away-${served}`);
      await delay(1_000);
    }
    tell(`${served} files put, and the first fetched as often`);
    await kubectl([...operators, 'scale', deployment, '--replicas=2']);
    await kubectl([...operators, 'rollout', 'status', deployment, `--timeout=${patienceSeconds}s`]);
    const backMs = performance.now();
    await kubectl(['wait', '--for=jsonpath={.status.limits.storage}=6Gi', 'tenants.driftbox.io/demo', `--timeout=${patienceSeconds}s`]);
    const settledSeconds = ((performance.now() - backMs) / 1000).toFixed(0);
    const taken: string[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      taken.push(await killLeader(kill));
      tell(`another led ${taken.at(-1)} s after the leader was killed`);
    }
    await waitReady('tenants.driftbox.io/demo');
    await mustFetch();
    return {
      holds: served > 0,
      figure:
        `${served} times a file put and one fetched while it was away; a new limit held ${settledSeconds} s after it was back; ` +
        `another led ${taken.join(', ')} s after each time that the leader was killed`,
    };
  },
};

/** Kills the leader while it works on something, and waits for the next to have done it; answers how long nobody led, in seconds. */
async function killLeader(kill: number): Promise<string> {
  const holder = await kubectl([...operators, 'get', 'lease', 'driftbox-operator', '-o', 'jsonpath={.spec.holderIdentity}']);
  const storage = `${6 + kill}Gi`;
  await kubectl(['patch', 'quotas.driftbox.io/trial', '--type=merge', '-p', JSON.stringify({ spec: { storage } })]);
  const killedMs = performance.now();
  await kubectl([...operators, 'delete', 'pod', holder.split('_')[0] ?? '', '--grace-period=0', '--force']);
  await nextHolder(holder);
  const seconds = ((performance.now() - killedMs) / 1000).toFixed(0);
  await kubectl([
    'wait',
    `--for=jsonpath={.status.limits.storage}=${storage}`,
    'tenants.driftbox.io/demo',
    `--timeout=${patienceSeconds}s`,
  ]);
  await kubectl([...operators, 'rollout', 'status', deployment, `--timeout=${patienceSeconds}s`]);
  return seconds;
}

async function nextHolder(before: string): Promise<void> {
  for (const giveUpAtMs = performance.now() + patienceSeconds * 1_000; performance.now() < giveUpAtMs; await delay(500)) {
    const now = await kubectl([...operators, 'get', 'lease', 'driftbox-operator', '-o', 'jsonpath={.spec.holderIdentity}']);
    if (now !== '' && now !== before) return;
  }
  throw new Error('nobody else came to lead');
}
