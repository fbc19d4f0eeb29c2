import type { Rule } from './rule.ts';

const celWords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

type Fields = Readonly<Record<string, unknown>>;

const has = (self: Fields, name: string): boolean => self[name] !== undefined;

/** Text of a form that a pattern says: RE2 and JavaScript read it alike. `what` completes "is not". */
export function matches(pattern: string, what: string): Rule<string> {
  const expression = new RegExp(pattern, 'u');
  return {
    on: 'every write',
    cel: `self.matches(r"${pattern}")`,
    message: `is not ${what}`,
    holds: (self) => expression.test(self),
  };
}

/** Exactly one of several optional fields is there. */
export function exactlyOne(...names: readonly string[]): Rule<Fields> {
  return {
    on: 'every write',
    cel: `[${names.map((name) => `has(self.${name})`).join(', ')}].exists_one(there, there)`,
    message: `set exactly one of ${names.join(', ')}`,
    holds: (self) => names.filter((name) => has(self, name)).length === 1,
  };
}

/** A field keeps its first value: it is neither changed nor removed, nor set later. `why` says what to do instead. */
export function fixed(name: string, why: string): Rule<Fields> {
  const [self, old] = [`self.${inCel(name)}`, `oldSelf.${inCel(name)}`];
  return {
    on: 'change',
    field: name,
    cel: `has(${self}) == has(${old}) && (!has(${self}) || ${self} == ${old})`,
    message: `${name} cannot be changed: ${why}`,
    holds: (now, before) => isSame(now[name], before[name]),
  };
}

/** Which of several optional fields is set stays as it was; what is in them has rules of its own. */
export function sameChoice(names: readonly string[], why: string): Rule<Fields> {
  return {
    on: 'change',
    cel: names.map((name) => `has(self.${name}) == has(oldSelf.${name})`).join(' && '),
    message: `stays one of ${names.join(', ')}, the one it is: ${why}`,
    holds: (now, before) => names.every((name) => has(now, name) === has(before, name)),
  };
}

/** The name of a field in an expression, where the language keeps some words for itself. */
function inCel(name: string): string {
  return celWords.has(name) ? `__${name}__` : name;
}

/** Equal as JSON, whatever the order of fields. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(Reflect.get(one, key), Reflect.get(other, key)));
}
