import type { Act, userActs } from '../script.ts';
import type { User } from './user.ts';

type UserAct = (typeof userActs)[number];

/** What people do to files, each in a few moves of a file system. */
export const playUser: Readonly<Record<UserAct, (user: User) => void>> = {
  createFile: (user) => {
    const path = placeIn(user);
    if (path !== undefined) user.put(path, user.newFile());
  },
  createFolder: (user) => {
    const path = placeIn(user);
    if (path !== undefined) user.put(path, user.tree.make('folder', {}));
  },
  edit: (user) => {
    const file = aFile(user);
    if (file !== undefined) user.write(file.inode, 1 + (user.step.b % 9));
  },
  // Twice within a second, and the second time nothing but the bytes differs.
  editSameSize: (user) => {
    const file = aFile(user);
    if (file === undefined) return;
    user.write(file.inode, file.inode.sizeBytes);
    user.later(user.step.b % 900, () => {
      if (user.tree.at(file.path) === file.inode) user.write(file.inode, file.inode.sizeBytes);
    });
  },
  replace: (user) => {
    const file = aFile(user);
    if (file !== undefined) user.put(file.path, user.newFile());
  },
  saveWithBackup: (user) => {
    const file = aFile(user);
    if (file === undefined) return;
    user.moveOver(file.path, `${file.path}~`);
    user.later(user.step.b % 20, () => {
      if (user.tree.at(file.path) === undefined) user.put(file.path, user.newFile());
    });
  },
  append: (user) => {
    const file = aFile(user);
    if (file !== undefined) user.write(file.inode, file.inode.sizeBytes + 1);
  },
  rename: (user) => {
    const found = anything(user);
    if (found === undefined) return;
    const to = user.freePlace(folderOf(found.path), user.step.b);
    if (to !== undefined) user.moveOver(found.path, to);
  },
  move: (user) => {
    const found = aFile(user);
    const to = placeIn(user, user.step.b);
    if (found !== undefined && to !== undefined) user.moveOver(found.path, to);
  },
  moveFolder: (user) => {
    const found = user.pick(user.folders().slice(1), user.step.a);
    const to = placeIn(user, user.step.b);
    if (found !== undefined && to !== undefined) user.moveOver(found.path, to);
  },
  swap: (user) => {
    const one = anything(user);
    const other = anything(user, user.step.b);
    if (one === undefined || other === undefined || isWithin(one.path, other.path) || isWithin(other.path, one.path)) return;
    user.moveOver(one.path, '.swap');
    user.moveOver(other.path, one.path);
    user.moveOver('.swap', other.path);
  },
  rotate: (user) => {
    const files = user.files();
    const [one, two, three] = [0, 1, 2].map((n) => user.pick(files, user.step.a + n));
    if (one === undefined || two === undefined || three === undefined || files.length < 3) return;
    user.moveOver(one.path, '.swap');
    user.moveOver(two.path, one.path);
    user.moveOver(three.path, two.path);
    user.moveOver('.swap', three.path);
  },
  deleteFile: (user) => {
    const file = aFile(user);
    if (file !== undefined) user.put(file.path, undefined);
  },
  deleteFolder: (user) => {
    const folder = user.pick(user.folders().slice(1), user.step.a);
    if (folder !== undefined) user.put(folder.path, undefined);
  },
  copy: (user) => {
    const file = aFile(user);
    const to = placeIn(user, user.step.b);
    if (file === undefined || to === undefined) return;
    user.put(to, user.tree.make('file', { content: file.inode.content, sizeBytes: file.inode.sizeBytes }));
  },
  touch: (user) => {
    const file = aFile(user);
    if (file !== undefined) user.tree.alter(file.inode, { mtimeMs: user.tree.round(user.tree.now() - (user.step.b % 100_000)) });
  },
  chmod: (user) => {
    const file = aFile(user);
    if (file !== undefined) user.tree.alter(file.inode, { executable: !file.inode.executable });
  },
  link: (user) => {
    const path = placeIn(user);
    const links = user.walk().filter(({ inode }) => inode.kind === 'symlink');
    const link = user.step.c % 2 === 0 ? user.pick(links, user.step.a) : undefined;
    const target = `target ${user.step.c % 3}`;
    if (link !== undefined || path !== undefined) user.put(link?.path ?? path ?? '', user.tree.make('symlink', { target }));
  },
  becomeFolder: (user) => {
    const found = anything(user);
    if (found !== undefined) user.put(found.path, found.inode.kind === 'folder' ? user.newFile() : user.tree.make('folder', {}));
  },
  burst: (user) => {
    for (let n = 0; n < 4; n += 1) {
      const path = placeIn(user, user.step.a + n);
      if (path !== undefined) user.put(path, user.newFile());
    }
  },
  unpack: (user) => {
    const path = placeIn(user);
    if (path === undefined) return;
    user.put(path, user.tree.make('folder', {}));
    user.put(`${path}/inside`, user.tree.make('folder', {}));
    for (const name of ['a', 'inside/b', 'inside/c']) user.put(`${path}/${name}`, user.newFile());
  },
};

export function isUserAct(act: Act): act is UserAct {
  return Object.hasOwn(playUser, act);
}

function aFile(user: User) {
  return user.pick(user.files(), user.step.a);
}

function anything(user: User, number = user.step.a) {
  return user.pick(user.walk(), number);
}

function placeIn(user: User, number = user.step.a): string | undefined {
  const folder = user.pick(user.folders(), number);
  return folder && user.freePlace(folder.path, user.step.b + number);
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
