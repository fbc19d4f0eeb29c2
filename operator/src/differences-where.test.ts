import { expect, test } from '@jest/globals';
import { differencesWhere } from './differences-where.ts';

test('only what is stated counts, by its path', () => {
  const stated = { spec: { replicas: 2, ports: [{ port: 80 }] } };
  const left = { spec: { replicas: 2, ports: [{ port: 80, protocol: 'TCP' }], clusterIP: 'a' } };
  expect(differencesWhere(stated, left, { spec: { replicas: 2, ports: [{ port: 80 }], clusterIP: 'b' } })).toEqual([]);
  expect(differencesWhere(stated, left, { spec: { replicas: 3, ports: [{ port: 81 }] } })).toEqual([
    { path: 'spec.replicas', left: 2, right: 3 },
    { path: 'spec.ports[0].port', left: 80, right: 81 },
  ]);
});

test('lists of another length differ as a whole, and what was joined to one is compared, too', () => {
  expect(differencesWhere(['a'], ['a'], ['a', 'b'])).toEqual([{ path: '', left: ['a'], right: ['a', 'b'] }]);
  expect(differencesWhere(['a'], ['a', 'b'], ['a', 'c'])).toEqual([{ path: '[1]', left: 'b', right: 'c' }]);
  expect(differencesWhere({ a: { b: 1 } }, {}, { a: { b: 1 } })).toEqual([{ path: 'a.b', left: undefined, right: 1 }]);
});
