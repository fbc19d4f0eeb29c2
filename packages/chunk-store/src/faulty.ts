import { StoreError } from './store-error.ts';
import type { DiskIo } from './disk-io.ts';
import type { PackStore } from './pack-store.ts';

/** Decides before each call, counted from 1, whether it fails: `before` it does anything, or `after` it has done it all. */
export type FaultPlan = (call: number) => 'before' | 'after' | undefined;

/** Fails exactly the n-th call. */
export const failAt = (n: number, when: 'before' | 'after' = 'before'): FaultPlan => (call) => (call === n ? when : undefined);
/** Fails the n-th call and all later ones, as a process that died there. */
export const dieAt = (n: number, when: 'before' | 'after' = 'before'): FaultPlan => (call) => (call === n ? when : call > n ? 'before' : undefined);
/** Never fails. */
export const neverFail: FaultPlan = () => undefined;

type Method = (...args: never[]) => Promise<unknown>;

/** `target` with every method under the plan. */
function planned<T extends object>(target: T, plan: FaultPlan, fault: () => Error): T {
  let calls = 0;
  return new Proxy(target, {
    get(held, name) {
      const method = Reflect.get(held, name) as Method;
      if (typeof method !== 'function') return method;
      return async (...args: never[]) => {
        calls += 1;
        const when = plan(calls);
        if (when === 'before') throw fault();
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

/** File-system calls of which the n-th fails with the system error `code`. A failed `append` leaves half of its bytes. */
export function faultyIo(io: DiskIo, plan: FaultPlan, code = 'EIO'): DiskIo {
  const fault = (): Error => Object.assign(new Error(`injected ${code}`), { code });
  let torn = false;
  const tearing: DiskIo = {
    ...io,
    async append(file, pieces) {
      const whole = Buffer.concat(pieces);
      await io.append(file, [torn ? whole.subarray(0, whole.length >> 1) : whole]);
    },
  };
  const counted = planned(tearing, (call) => {
    const when = plan(call);
    torn = when !== undefined;
    // The torn append happens, then fails; other calls fail where the plan says.
    return when;
  }, fault);
  return counted;
}
