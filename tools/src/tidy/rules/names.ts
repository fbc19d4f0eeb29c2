import path from 'node:path/posix';
import type { Breach, Rule } from '../breach.ts';

const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)+$/;
/** `KeyManager` is the field's own word for what wraps data keys. */
const banned = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'misc']);

/** Files are named in kebab-case after what they do or hold, and never after a heap of things. */
export const fileNames: Rule = {
  name: 'names',
  check: (repository) =>
    repository.workspaces
      .flatMap((workspace) => [...workspace.files.map((file) => file.path), ...workspace.otherFiles])
      .flatMap((file): Breach[] => {
        const name = path.basename(file);
        if (!kebab.test(name))
          return [{ path: file, line: 1, message: 'name files in kebab-case: verb-noun for an action, noun for a thing' }];
        const word = file
          .replace('key-manager', '')
          .split(/[/.-]/)
          .find((part) => banned.has(part));
        return word === undefined
          ? []
          : [{ path: file, line: 1, message: `"${word}" says nothing; name the file after the one thing in it` }];
      }),
};
