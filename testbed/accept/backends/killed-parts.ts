import type { Part } from '../../stack/part.ts';
import type { Stack } from '../../stack/start-stack.ts';
import type { Point } from '../point.ts';
import { showUnderLoad, type Step } from './under-load.ts';

/** Every process of a stack killed once; services lose one of their two replicas at a time. */
export const killedParts: Point = {
  number: 3,
  promise:
    'each component and each service killed and restarted in turn under load: nothing acknowledged lost, no operation fails for good',
  show: () => showUnderLoad((stack) => partsOf(stack).map(killAndStart)),
};

function partsOf({ backends, gateway, replicas, verifies }: Stack): Part[] {
  const firsts = [...Object.values(replicas), verifies].flatMap((all) => all.slice(0, 1));
  return [...backends.parts, gateway, ...firsts];
}

function killAndStart({ name, kill, start }: Part): Step {
  return {
    name,
    act: async () => {
      await kill();
      await start();
    },
  };
}
