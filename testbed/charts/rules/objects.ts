import { nameOf } from '../chart-object.ts';
import type { Rule } from '../rule.ts';

const required = ['name', 'instance', 'component', 'part-of', 'version', 'managed-by'];
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Each object once, in the release's own namespace, found by the labels that everybody uses. */
export const objects: Rule = {
  name: 'objects',
  check: ({ objects: all }) => {
    const names = all.map((one) => `${one.apiVersion} ${nameOf(one)}`);
    return all.flatMap((one, index) => {
      const labels = one.metadata.labels ?? {};
      const missing = required.filter((name) => labels[`app.kubernetes.io/${name}`] === undefined);
      return [
        ...(names.indexOf(names[index] ?? '') === index ? [] : ['is there twice']),
        ...(one.metadata.namespace === undefined ? [] : [`is in a namespace of its own, ${one.metadata.namespace}`]),
        ...(one.metadata.name.length <= 63 ? [] : ['has too long a name']),
        ...(missing.length === 0 ? [] : [`lacks the labels ${missing.join(', ')}`]),
        ...Object.entries(labels)
          .filter(([, value]) => !labelValue.test(value))
          .map(([name]) => `${name} is no value of a label`),
      ].map((wrong) => `${nameOf(one)}: ${wrong}`);
    });
  },
};
