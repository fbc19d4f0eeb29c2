import assert from 'node:assert/strict';
import { Problem } from '@driftbox/protocol';

type Node<T> = { readonly fixed: Map<string, Node<T>>; name?: Node<T>; readonly targets: Map<string, T> };

/** The target of a path, and its raw values in order: those of `:name` segments, then the rest. */
export type Match<T> = { readonly target: T; readonly values: readonly string[] };

function emptyNode<T>(): Node<T> {
  return { fixed: new Map(), targets: new Map() };
}

/**
 * Finds the target of a method and path in time that depends on the path's length only, not on the number of routes.
 * A fixed segment wins over `:name`, and both over `*rest`.
 */
export class PathTable<T> {
  readonly #root: Node<T> = emptyNode();
  readonly #rests = new Map<Node<T>, Map<string, T>>();

  /** Registers a pattern such as `/v1/drives/:drive/files/*path`; twice the same is a programming error. */
  add(method: string, pattern: string, target: T): void {
    let node = this.#root;
    for (const segment of pattern.slice(1).split('/')) {
      if (segment.startsWith('*')) {
        const rests = this.#rests.get(node) ?? new Map<string, T>();
        assert(!rests.has(method), `two routes for ${method} ${pattern}`);
        this.#rests.set(node, rests.set(method, target));
        return;
      }
      if (segment.startsWith(':')) {
        node = node.name ??= emptyNode();
      } else {
        let next = node.fixed.get(segment);
        if (next === undefined) node.fixed.set(segment, (next = emptyNode()));
        node = next;
      }
    }
    assert(!node.targets.has(method), `two routes for ${method} ${pattern}`);
    node.targets.set(method, target);
  }

  /** `path` without query. */
  find(method: string, path: string): Match<T> | undefined {
    return this.#walk(this.#root, method, path.slice(1).split('/'), 0, []);
  }

  #walk(node: Node<T>, method: string, segments: readonly string[], at: number, values: readonly string[]): Match<T> | undefined {
    if (at === segments.length) {
      const target = node.targets.get(method);
      return target === undefined ? undefined : { target, values };
    }
    const segment = segments[at] ?? '';
    const fixed = node.fixed.get(segment);
    const found = fixed === undefined ? undefined : this.#walk(fixed, method, segments, at + 1, values);
    if (found !== undefined) return found;
    if (node.name !== undefined && segment !== '') {
      const named = this.#walk(node.name, method, segments, at + 1, [...values, segment]);
      if (named !== undefined) return named;
    }
    const rest = this.#rests.get(node)?.get(method);
    return rest === undefined || segment === '' ? undefined : { target: rest, values: [...values, segments.slice(at).join('/')] };
  }
}

/** The names of a pattern's values, in order. */
export function valueNames(pattern: string): readonly string[] {
  return pattern
    .split('/')
    .filter((segment) => segment.startsWith(':') || segment.startsWith('*'))
    .map((segment) => segment.slice(1));
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new Problem('invalid_argument', 'The path is not valid percent-encoded UTF-8', { cause: error });
  }
}

/** One `:name` value, percent-decoded. */
export function decodeSegment(text: string): string {
  return decode(text);
}

/** A `*rest`, decoded segment by segment. A slash hidden in an escape would change what the path means, so it is refused. */
export function decodeRest(text: string): string {
  return text.includes('%') ? text.split('/').map(decodeRestSegment).join('/') : text;
}

function decodeRestSegment(text: string): string {
  const segment = decode(text);
  if (segment.includes('/')) throw new Problem('invalid_argument', 'A path segment may not hold an escaped slash');
  return segment;
}

/** The query's values by name; a name given twice becomes a list, which schemas of single values refuse. */
export function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  if (text === '') return query;
  if (text.includes('%')) decode(text.replaceAll('+', ' '));
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return query;
}
