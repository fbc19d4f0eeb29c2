import assert from 'node:assert/strict';
import { livePath } from '@driftbox/domain';
import type { EntryId, Place } from '@driftbox/domain';
import { reconcile } from '../reconcile.ts';
import { temporaryPlace } from '../temporary-name.ts';
import type { SyncBody } from '../tree.ts';
import { localEditor, remoteEditor } from './edits.ts';
import type { Editor } from './edits.ts';
import { digestOf, mountOf, rootId } from './ids.ts';
import { exactNames, foldingNames } from './name-rules.ts';
import { settle } from './reunion.ts';
import { World, fileOf } from './world.ts';

/** What somebody does to one side, by path: the words of the decision table. */
class Hand {
  readonly #editor: Editor;
  /** The content that this hand writes. */
  readonly #writes: number;

  constructor(editor: Editor, writes: number) {
    this.#editor = editor;
    this.#writes = writes;
  }

  file(path: string, content = this.#writes): void {
    this.#editor.make(this.#place(path), fileOf(content));
  }
  folder(path: string): void {
    this.#editor.make(this.#place(path), { kind: 'folder' });
  }
  mount(path: string): void {
    this.#editor.make(this.#place(path), mountOf);
  }
  edit(path: string, content = this.#writes): void {
    this.#editor.write(this.#find(path).entryId, fileOf(content));
  }
  touch(path: string): void {
    const { entryId, body } = this.#find(path);
    assert.ok(body.kind === 'file');
    this.#editor.write(entryId, { ...body, mtimeMs: this.#writes });
  }
  move(from: string, to: string): void {
    this.#editor.move(this.#find(from).entryId, this.#place(to));
  }
  delete(path: string): void {
    this.#editor.delete(this.#find(path).entryId);
  }
  /** To the temporary name of a swap that is never ended. */
  strand(path: string): void {
    const { entryId } = this.#find(path);
    this.#editor.move(entryId, temporaryPlace(rootId, entryId));
  }
  swap(a: string, b: string): void {
    this.move(a, 'between');
    this.move(b, a);
    this.move('between', b);
  }

  #find(path: string) {
    const { parentId, name } = this.#place(path);
    const found = this.#editor.entries().find((entry) => entry.parentId === parentId && entry.name === name);
    assert.ok(found !== undefined, `${path} is there`);
    return found;
  }

  #place(path: string): Place {
    const names = path.split('/');
    const name = names.pop();
    assert.ok(name !== undefined);
    const parentId = names.length === 0 ? rootId : this.#find(names.join('/')).entryId;
    return { parentId, name };
  }
}

/** What files hold, as numbers, and what the table calls that. */
const written = ['', 'base', 'mine', 'theirs', 'both', 'older', 'g', 'x', 'y'] as const;
const numberOf = (content: (typeof written)[number]) => written.indexOf(content);
const inBase = { f: 'base', g: 'g', 'd/x': 'x', 'd/s/y': 'y' } as const;

/** The changes of the decision table, made to a file `f` (or under a new name `n`). */
export const changes: Readonly<Record<string, (hand: Hand, side: 'here' | 'there') => void>> = {
  nothing: () => undefined,
  'create file': (hand) => hand.file('n'),
  'create folder': (hand) => hand.folder('n'),
  edit: (hand) => hand.edit('f'),
  move: (hand, side) => hand.move('f', `${side}/f`),
  rename: (hand, side) => hand.move('f', `f-${side}`),
  delete: (hand) => hand.delete('f'),
  'type change': (hand) => {
    hand.delete('f');
    hand.folder('f');
  },
  metadata: (hand) => hand.touch('f'),
};

/** What is not a pair of these changes: by what happens here, and there. */
export const stories: Readonly<Record<string, (here: Hand, there: Hand) => void>> = {
  'the same edit': (here, there) => [here, there].forEach((hand) => hand.edit('f', numberOf('both'))),
  'the same move': (here, there) => [here, there].forEach((hand) => hand.move('f', 'd/f')),
  'the same new file': (here, there) => [here, there].forEach((hand) => hand.file('n', numberOf('both'))),
  'new folders of one name': (here, there) =>
    [here, there].forEach((hand, n) => (hand.folder('n'), hand.folder('n/m'), hand.file(`n/m/${n}`))),
  'here a move onto a name that there a new file took': (here, there) => {
    here.move('f', 'n');
    there.file('n');
  },
  'folders moved into each other': (here, there) => {
    here.move('d', 'e/d');
    there.move('e', 'd/e');
  },
  'here two names swapped, there one of the files edited': (here, there) => {
    here.swap('f', 'g');
    there.edit('f');
  },
  'here two names swapped, there too': (here, there) => [here, there].forEach((hand) => hand.swap('f', 'g')),
  'here three names rotated': (here) => {
    here.swap('f', 'g');
    here.swap('g', 'd/x');
  },
  'here a folder and the folder in it change places': (here) => {
    here.move('d/s', 's');
    here.move('d', 's/d');
    here.move('s', 'd');
  },
  'there a swap of names was begun and not ended': (_here, there) => {
    there.strand('f');
    there.move('g', 'f');
  },
  'the same, and here the entry was moved meanwhile': (here, there) => {
    there.strand('f');
    here.move('f', 'd/f');
  },
  'there a new file was left under a temporary name': (_here, there) => {
    there.file('n');
    there.strand('n');
  },
  'here a folder deleted, there a file added to it': (here, there) => {
    here.delete('d');
    there.file('d/new');
  },
  'here a folder deleted, there a file in it edited': (here, there) => {
    here.delete('d');
    there.edit('d/x');
  },
  'here a folder deleted, there a file moved out of it': (here, there) => {
    here.delete('d');
    there.move('d/x', 'x');
  },
  'here a folder deleted, there it was renamed': (here, there) => {
    here.delete('d');
    there.move('d', 'd-there');
  },
  'there a folder deleted, here a file added to it': (here, there) => {
    there.delete('d');
    here.file('d/new');
  },
  'there a folder deleted, here a file in it edited': (here, there) => {
    there.delete('d');
    here.edit('d/s/y');
  },
  'there a folder deleted, here a file moved out of it': (here, there) => {
    there.delete('d');
    here.move('d/x', 'x');
  },
  'there a folder deleted, here it was renamed': (here, there) => {
    there.delete('d');
    here.move('d', 'd-here');
  },
  'there a folder deleted, here a file moved into it': (here, there) => {
    there.delete('d');
    here.move('f', 'd/f');
  },
  'both deleted the same folder': (here, there) => [here, there].forEach((hand) => hand.delete('d')),
  'the cursor expired: an unchanged file is not in the list': (_here, there) => there.delete('f'),
  'the cursor expired: an edited file is not in the list': (here, there) => {
    there.delete('f');
    here.edit('f');
  },
  'the drive was restored: a file is older, another gone, nothing unsent here': (_here, there) => {
    there.edit('f', numberOf('older'));
    there.delete('g');
  },
  'the drive was restored: a file is older, another gone, both with unsent edits here': (here, there) => {
    there.edit('f', numberOf('older'));
    there.delete('g');
    here.edit('f');
    here.edit('g');
  },
  'there a drive is mounted': (_here, there) => there.mount('n'),
  'there a drive is mounted, and here is an empty folder of that name': (here, there) => [here.folder('n'), there.mount('n')],
  'the same, and something is in it': (here, there) => [here.folder('n'), here.file('n/m'), there.mount('n')],
  'the disk does not mind case: there a file that differs by case alone': (_here, there) => there.file('F'),
  'the disk does not mind case: here a name changes its case': (here) => here.move('f', 'F'),
  'the disk cannot hold the name': (_here, there) => there.file('what:n'),
};

/** Plays two changes or a story to the end, and tells what differs from before in the words of the table. */
export function play(act: (here: Hand, there: Hand) => void, folding = false): string {
  const world = new World(folding ? foldingNames : exactNames);
  const settler = new Hand(remoteEditor(world), numberOf('base'));
  for (const folder of ['d', 'd/s', 'e', 'here', 'there']) settler.folder(folder);
  for (const [file, content] of Object.entries(inBase)) settler.file(file, numberOf(content));
  settle(world, reconcile);
  const before = paths(world);
  act(new Hand(localEditor(world), numberOf('mine')), new Hand(remoteEditor(world), numberOf('theirs')));
  settle(world, reconcile);
  const after = paths(world);
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const fresh = [...after].filter(([path, holds]) => before.get(path) !== holds);
  const told = [...fresh.map(([path, holds]) => `${path}${holds}`), ...gone.map((path) => `no ${path}`)].sort();
  const { waiting } = reconcile(world.input());
  const waits = waiting.map(({ entryId, reason }) => `${world.drive.entries.get(entryId)?.name}: ${reason}`).join(', ');
  if (waits === '') assert.deepEqual(localPaths(world), after, 'both sides are equal');
  const tree = told
    .join(', ')
    .replaceAll(' (conflicted copy of laptop 2026-11-27)', ' (conflicted copy)')
    .replaceAll(/[0-9a-f-]{36}/g, 'ID');
  return `${tree === '' ? 'as before' : tree}${waits === '' ? '' : `; waits here: ${waits}`}`;
}

function paths(world: World): Map<string, string> {
  const all = new Map<string, string>();
  for (const { entryId, body } of world.remoteTree().rows.values()) {
    const path = livePath(world.drive, entryId);
    if (path !== undefined) all.set(path.join('/'), describe(body));
  }
  return sorted(all);
}

function localPaths(world: World): Map<string, string> {
  const { tree } = world.disk;
  const pathOf = (entryId: EntryId) =>
    tree
      .wayUp(entryId)
      .map(({ name }) => name)
      .reverse()
      .join('/');
  return sorted(new Map([...tree.rows.values()].map(({ entryId, body }) => [pathOf(entryId), describe(body)])));
}

function sorted(all: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function describe(body: SyncBody): string {
  if (body.kind === 'mount') return ' = another drive';
  if (body.kind !== 'file') return '/';
  const content = written.find((_name, n) => digestOf(n) === body.listId) ?? '';
  const time = body.mtimeMs === 0 ? '' : ` (time: ${written[body.mtimeMs] ?? ''})`;
  return ` = ${content}${time}`;
}
