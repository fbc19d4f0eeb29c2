// Stands in for `@jest/globals`: modules that are loaded once for many test files register with the file that runs now.
import type * as Globals from '@jest/globals';

type Name = 'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it' | 'test';
type RuntimeGlobals = Pick<typeof Globals, Name>;

let current: RuntimeGlobals;

/** Sets what the exports of this module lead to, until it is called for the next test file. */
export function setGlobals(globals: RuntimeGlobals): void {
  current = globals;
}

function forwarded<N extends Name>(name: N): RuntimeGlobals[N] {
  return new Proxy(() => {}, {
    apply: (_target, _receiver, args: unknown[]): unknown => Reflect.apply(current[name], undefined, args),
    get: (_target, key): unknown => Reflect.get(current[name], key),
  }) as unknown as RuntimeGlobals[N];
}

export const afterAll = forwarded('afterAll');
export const afterEach = forwarded('afterEach');
export const beforeAll = forwarded('beforeAll');
export const beforeEach = forwarded('beforeEach');
export const describe = forwarded('describe');
export const expect = forwarded('expect');
export const it = forwarded('it');
export const test = forwarded('test');
