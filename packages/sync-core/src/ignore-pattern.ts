/** One line of an ignore file, ready to be tried. Paths are relative to the folder of the file, names joined by `/`. */
export type IgnorePattern = {
  /** True for a line that begins with `!`: what it matches is not ignored after all. */
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  readonly matches: (path: string) => boolean;
};

/** The lines of a `.driftboxignore` file, which are those of gitignore(5): later ones win. */
export function parseIgnoreFile(text: string): IgnorePattern[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => parseLine(line.replace(/\r$/, '')))
    .filter((pattern) => pattern !== undefined);
}

function parseLine(line: string): IgnorePattern | undefined {
  if (line.startsWith('#')) return undefined;
  // A space at the end counts only when it is escaped.
  const trimmed = /^(?:\\.|[^\\])*?(?= *$)/u.exec(line)?.[0] ?? line;
  const negated = trimmed.startsWith('!');
  const whole = negated ? trimmed.slice(1) : trimmed;
  const foldersOnly = whole.endsWith('/');
  const glob = foldersOnly ? whole.slice(0, -1) : whole;
  const source = glob === '' ? undefined : compile(glob.startsWith('/') ? glob.slice(1) : glob);
  if (source === undefined) return undefined;
  const expression = new RegExp(`^${source}$`, 'su');
  // Without a slash the pattern is about the name, in whatever folder.
  const matches = glob.includes('/')
    ? (path: string) => expression.test(path)
    : (path: string) => expression.test(path.slice(path.lastIndexOf('/') + 1));
  return { negated, foldersOnly, matches };
}

/** The pattern as the source of a regular expression; `undefined` for one that can match nothing. */
function compile(glob: string): string | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < glob.length;) {
    const part = compileAt(glob, at);
    if (part === undefined) return undefined;
    parts.push(part);
    at = part.next;
  }
  let groups = 0;
  const once = (source: string): string => {
    groups += 1;
    return `(?=(?<once${groups}>${source}))\\k<once${groups}>`;
  };
  const asTheyAre = (some: readonly Part[]): string => some.map(({ source }) => source).join('');
  const inNames = (some: readonly Part[]): string => join(some, { within: 'name', inner: asTheyAre, once });
  return join(parts, { within: 'path', inner: inNames, once });
}

/** `star`: what it is that it takes any number of. `lazy`: the same, but as few as will do. */
type Part = { readonly source: string; readonly next: number; readonly star?: 'name' | 'path'; readonly lazy?: string };

type Joining = {
  readonly within: 'name' | 'path';
  readonly inner: (some: readonly Part[]) => string;
  readonly once: (source: string) => string;
};

/**
 * What lies between two stars is looked for where it comes first, once and for all: the second star takes whatever is left.
 * Otherwise a line of many stars, which somebody else may have written, is tried in more ways than anybody can wait for.
 */
function join(parts: readonly Part[], { within, inner, once }: Joining): string {
  const stars = parts.flatMap(({ star }, at) => (star === within ? [at] : []));
  const pieces = stars.map((at, n) => {
    const [star, end] = [parts[at], stars[n + 1]];
    const between = parts.slice(at + 1, end);
    const rest = inner(between);
    // A star of names does not take what is left of another name.
    const isFirstEnough = end !== undefined && (within === 'path' || !between.some(({ source }) => source === literal('/')));
    return isFirstEnough ? once(`${star?.lazy}${rest}`) : `${star?.source}${rest}`;
  });
  return inner(parts.slice(0, stars[0])) + pieces.join('');
}

function compileAt(glob: string, at: number): Part | undefined {
  const first = String.fromCodePoint(glob.codePointAt(at) ?? 0);
  if (first === '*') return compileStars(glob, at);
  if (first === '?') return { source: '[^/]', next: at + 1 };
  if (first === '[') return compileClass(glob, at);
  if (first !== '\\') return { source: literal(first), next: at + first.length };
  const escaped = glob.codePointAt(at + 1);
  if (escaped === undefined) return undefined;
  const text = String.fromCodePoint(escaped);
  return { source: literal(text), next: at + 1 + text.length };
}

/**
 * `**` alone between slashes stands for any folders; other stars stay within a name. git sets a beginning without special
 * characters aside before it looks, so that to it `**` right behind one has nothing on its left, as at the start.
 */
function compileStars(glob: string, at: number): Part {
  let next = at;
  while (glob[next] === '*') next += 1;
  const isAlone =
    next - at > 1 && (glob[at - 1] === '/' || !/[*?[\\]/.test(glob.slice(0, at))) && (next === glob.length || glob[next] === '/');
  if (!isAlone) return { source: '[^/]*', next, star: 'name', lazy: '[^/]*?' };
  if (next === glob.length) return { source: '.*', next, star: 'path', lazy: '.*?' };
  return { source: '(?:.*/)?', next: next + 1, star: 'path', lazy: '(?:.*?/)??' };
}

/** The classes of POSIX, which git knows by ASCII. */
const named: ReadonlyMap<string, string> = new Map([
  ['alnum', '0-9A-Za-z'],
  ['alpha', 'A-Za-z'],
  ['blank', ' \\t'],
  ['digit', '0-9'],
  ['lower', 'a-z'],
  ['punct', '!-\\/:-@\\[-`\\{-~'],
  ['space', '\\s'],
  ['upper', 'A-Z'],
  ['xdigit', '0-9A-Fa-f'],
]);

function compileClass(glob: string, at: number): Part | undefined {
  const found = /^\[([!^]?)((?:\]|\[:[a-z]+:\]|\\.|[^\]\\])(?:\[:[a-z]+:\]|\\.|[^\]\\])*)\]/su.exec(glob.slice(at));
  if (found === null) return undefined;
  const [all, negation = '', members = ''] = found;
  let source = '';
  for (const [member, name, from, to] of members.matchAll(/\[:([a-z]+):\]|(\\.|.)(?:-(\\.|[^\]]))?/gsu)) {
    if (name !== undefined) {
      const range = named.get(name);
      if (range === undefined) return undefined;
      source += range;
    } else if (from !== undefined && to !== undefined) {
      source += range(bare(from), bare(to));
    } else source += inClass(bare(member));
  }
  return { source: `(?!/)[${negation === '' ? '' : '^'}${source}]`, next: at + all.length };
}

/** A range that runs backwards holds nothing. */
function range(from: string, to: string): string {
  return from <= to ? `${inClass(from)}-${inClass(to)}` : '';
}

function bare(text: string): string {
  return text.length > 1 && text.startsWith('\\') ? text.slice(1) : text;
}

function literal(text: string): string {
  return text.replace(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
}

function inClass(text: string): string {
  return text.replace(/[-[\]\\^/(){}|$.*+?]/g, String.raw`\$&`);
}
