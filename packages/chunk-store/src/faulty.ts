import type { FileHandle } from 'node:fs/promises';
import { StoreError } from './store-error.ts';
import type { DiskIo } from './disk-io.ts';
import type { PackBytes, PackStore } from './pack-store.ts';

/** Decides before each call, counted from 1, whether it fails: `before` it does anything, or `after` it has done it all. */
export type FaultPlan = (call: number) => 'before' | 'after' | undefined;

/** Fails exactly the n-th call. */
export const failAt =
  (n: number, when: 'before' | 'after' = 'before'): FaultPlan =>
  (call) =>
    call === n ? when : undefined;
/** Fails the n-th call and all later ones, as a process that died there. */
export const dieAt =
  (n: number, when: 'before' | 'after' = 'before'): FaultPlan =>
  (call) => {
    if (call > n) return 'before';
    return call === n ? when : undefined;
  };
/** Never fails. */
export const neverFail: FaultPlan = () => undefined;

type Method = (...args: never[]) => Promise<unknown>;

/** `target` with every method under the plan. `tear` does what a method that fails `before` may still have done. */
function planned<T extends object>(
  target: T,
  plan: FaultPlan,
  fault: () => Error,
  tear?: (method: string, args: never[]) => Promise<void>,
): T {
  let calls = 0;
  return new Proxy(target, {
    get(held, name) {
      const method = Reflect.get(held, name) as Method;
      if (typeof method !== 'function') return method;
      return async (...args: never[]) => {
        calls += 1;
        const when = plan(calls);
        if (when === 'before') {
          await tear?.(String(name), args);
          throw fault();
        }
        const answer = await method.apply(held, args);
        if (when === 'after') throw fault();
        return answer;
      };
    },
  });
}

/** A store whose n-th call fails as `plan` says, with a transient `unavailable` unless `fault` makes another error. */
export function faulty(store: PackStore, plan: FaultPlan, fault?: () => StoreError): PackStore {
  return planned(store, plan, fault ?? (() => new StoreError('unavailable', 'injected fault')));
}

/**
 * File-system calls of which the n-th fails with the system error `code`. An `append` that fails leaves half its bytes, and
 * `close` always closes, so that a simulated crash leaks no handle of the real process.
 */
export function faultyIo(io: DiskIo, plan: FaultPlan, code = 'EIO'): DiskIo {
  return planned(
    io,
    plan,
    () => Object.assign(new Error(`injected ${code}`), { code }),
    async (method, args: unknown[]) => {
      if (method === 'close') await io.close(args[0] as FileHandle);
      if (method !== 'append') return;
      const whole = Buffer.concat(args[1] as PackBytes);
      await io.append(args[0] as FileHandle, [whole.subarray(0, whole.length >> 1)]);
    },
  );
}
