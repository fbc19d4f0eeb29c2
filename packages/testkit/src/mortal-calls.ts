import type { Faults } from './fault-at.ts';

/**
 * `target` as a process sees it that may die at each of its calls: before it, and after it, when the answer is lost. All of its methods
 * must be asynchronous.
 */
export function mortalCalls<T extends object>(target: T, steps: Faults): T {
  return new Proxy(target, {
    get(real, name) {
      const method: unknown = Reflect.get(real, name);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]): Promise<unknown> => {
        steps.step(String(name));
        const answer: unknown = await Reflect.apply(method, real, args);
        steps.step(`answer to ${String(name)}`);
        return answer;
      };
    },
  });
}
