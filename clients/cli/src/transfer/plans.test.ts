import { describe, expect, test } from '@jest/globals';
import { parseName } from '@driftbox/domain';
import type { Name } from '@driftbox/domain';
import type { Entry } from '@driftbox/protocol';
import fc from 'fast-check';
import { keyOf } from './local-item.ts';
import type { LocalItem, RelativePath } from './local-item.ts';
import { planGet } from './plan-get.ts';
import { planPut } from './plan-put.ts';

const name = (text: string): Name => {
  const parsed = parseName(text);
  if (!parsed.ok) throw new TypeError(parsed.detail);
  return parsed.name;
};

type Thing = { readonly kind: 'folder' | 'file' | 'symlink'; readonly tag: number };
/** A tree by path of one-letter names; every parent is a folder. */
const tree = fc
  .dictionary(fc.stringMatching(/^[ab](\/[ab]){0,2}$/), fc.record({ kind: fc.constantFrom('folder', 'file', 'symlink'), tag: fc.nat(1) }))
  .map((things) => {
    const whole = new Map<string, Thing>([['', { kind: 'folder', tag: 0 }]]);
    for (const path of Object.keys(things).sort()) {
      const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      if (whole.get(parent)?.kind === 'folder') whole.set(path, things[path] as Thing);
    }
    return whole;
  });

const namesOf = (path: string): RelativePath => (path === '' ? [] : path.split('/').map(name));
const here = (path: string, { kind, tag }: Thing): LocalItem => {
  const place = { names: namesOf(path), path };
  if (kind === 'folder') return { kind, ...place };
  if (kind === 'symlink') return { kind, ...place, target: `to ${tag}`, mtimeMs: 0 };
  return { kind, ...place, sizeBytes: tag, mtimeMs: 5, executable: false };
};
const there = (path: string, { kind, tag }: Thing): Entry => {
  const common = { entryId: path, name: path, rev: 1, seq: 1 };
  const time = new Date(5).toISOString();
  const own = { folder: {}, symlink: { target: `to ${tag}`, mtime: time }, file: { sizeBytes: tag, mtime: time, executable: false } }[kind];
  return { kind, ...common, ...own } as unknown as Entry;
};
const locals = (things: Map<string, Thing>) => [...things].map(([path, thing]) => here(path, thing));
const remotes = (things: Map<string, Thing>) =>
  new Map([...things].map(([path, thing]) => [path, { names: namesOf(path), entry: there(path, thing) }]));
const clashes = (from: Map<string, Thing>, to: Map<string, Thing>): Set<string> =>
  new Set([...from].filter(([path, thing]) => to.has(path) && to.get(path)?.kind !== thing.kind).map(([path]) => path));

describe('a plan to put', () => {
  test('accounts for every thing exactly once', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const plan = planPut(locals(from), remotes(to), { checksum: false });
        const existing = [...from].filter(([path, { kind }]) => kind === 'folder' && to.get(path)?.kind === 'folder');
        const told = new Set(plan.leftOut.map((one) => one.path));
        const kept = existing.filter(([path]) => !told.has(path)).length;
        const { folders, files, symlinks, unchanged, leftOut } = plan;
        expect(folders.length + files.length + symlinks.length + unchanged + leftOut.length + kept).toBe(from.size);
      }),
    );
  });

  test('leaves alone what is another kind of thing there, and all below it', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const plan = planPut(locals(from), remotes(to), { checksum: false });
        for (const clash of clashes(from, to)) {
          const below = (path: string): boolean => path === clash || path.startsWith(`${clash}/`);
          expect(
            [...plan.folders, ...plan.files.map((one) => one.item), ...plan.symlinks.map((one) => one.item)].some((one) => below(one.path)),
          ).toBe(false);
        }
      }),
    );
  });

  test('is empty for what is there already, unless bytes are to be compared', () => {
    fc.assert(
      fc.property(tree, (same) => {
        const plan = planPut(locals(same), remotes(same), { checksum: false });
        expect([plan.folders, plan.files, plan.symlinks, plan.leftOut]).toEqual([[], [], [], []]);
        const files = [...same.values()].filter((thing) => thing.kind === 'file').length;
        expect(planPut(locals(same), remotes(same), { checksum: true }).files.length).toBe(files);
      }),
    );
  });

  test('names each folder before what it holds', () => {
    fc.assert(
      fc.property(tree, (from) => {
        const order = planPut(locals(from), new Map(), { checksum: false }).folders.map((one) => keyOf(one.names));
        for (const [index, path] of order.entries())
          if (path.includes('/')) expect(order.indexOf(path.slice(0, path.lastIndexOf('/')))).toBeLessThan(index);
      }),
    );
  });
});

describe('a plan to get', () => {
  const plan = (from: Map<string, Thing>, to: Map<string, Thing>, checksum = false) => {
    const looked: string[] = [];
    const made = planGet(
      remotes(from).values(),
      (names) => {
        looked.push(keyOf(names));
        const thing = to.get(keyOf(names));
        return thing === undefined ? undefined : here(keyOf(names), thing);
      },
      { checksum },
    );
    return { ...made, looked };
  };

  test('never looks or writes below what is not a folder here', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const made = plan(from, to);
        const touched = [
          ...made.looked,
          ...made.folders.map(keyOf),
          ...made.files.map((one) => keyOf(one.names)),
          ...made.symlinks.map((one) => keyOf(one.names)),
        ];
        for (const path of touched) {
          for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
            expect(['folder', undefined]).toContain(to.get(path.slice(0, cut))?.kind);
        }
      }),
    );
  });

  test('replaces a thing only by one of its kind', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const made = plan(from, to);
        for (const { names } of made.files) expect(['file', undefined]).toContain(to.get(keyOf(names))?.kind);
        for (const { names } of made.symlinks) expect(['symlink', undefined]).toContain(to.get(keyOf(names))?.kind);
      }),
    );
  });

  test('is empty for what is here already', () => {
    fc.assert(
      fc.property(tree, (same) => {
        const made = plan(same, same);
        expect([made.folders, made.files, made.symlinks, made.leftOut]).toEqual([[], [], [], []]);
      }),
    );
  });
});
