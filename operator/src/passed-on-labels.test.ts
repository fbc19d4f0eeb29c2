import { expect, test } from '@jest/globals';
import { passedOnLabels } from './passed-on-labels.ts';

test('labels pass on, but not those by which tools know what is theirs to prune', () => {
  const own = { stage: 'canary', 'driftbox.io/tenant': 'acme', 'example.com/team': 'a' };
  const ofTools = {
    'app.kubernetes.io/instance': 'apps',
    'app.kubernetes.io/managed-by': 'Helm',
    'helm.sh/chart': 'apps-1',
    'argocd.argoproj.io/instance': 'apps',
    'kustomize.toolkit.fluxcd.io/name': 'apps',
  };
  expect(passedOnLabels({ labels: { ...own, ...ofTools } })).toEqual(own);
  expect(passedOnLabels({})).toEqual({});
});
