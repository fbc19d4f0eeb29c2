import { createLogger } from '@driftbox/service-kit';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { followOnce } from './follow-once.ts';
import { kubeKinds } from './kube-kinds.ts';
import { Cache, type Api, type KubeObject } from './runtime/index.ts';
import { tenantResource } from './tenant/tenant.ts';

test('a kind is followed once for each selection, whoever looks at it', () => {
  const log = createLogger({ service: 'operator', level: 'silent' });
  const { follow, reflectors } = followOnce({ api: {} as Api, registry: new Registry(), log, only: 'of=us' });
  const look = (kind = tenantResource, namespace?: string) =>
    follow({ kind, selection: { namespace }, cache: new Cache<KubeObject>(), onChange: () => {} });
  const [first, again, others, here] = [look(), look(), look(kubeKinds.configMap), look(kubeKinds.configMap, 'here')];
  expect(again).toBe(first);
  expect(reflectors()).toEqual([first, others, here]);
});
