/** The same object with some methods replaced. */
export function override<T extends object>(target: T, over: Partial<T>): T {
  return new Proxy(target, {
    get(_target, property) {
      const value: unknown = Reflect.get(property in over ? over : target, property);
      return typeof value === 'function' && !(property in over) ? value.bind(target) : value;
    },
  });
}
