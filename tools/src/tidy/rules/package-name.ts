/**
 * The package that a bare specifier names: `@koa/router/x` is `@koa/router`. Undefined for relative paths and for what the
 * program brings that runs the file: modules of Node or k6.
 */
export function packageName(specifier: string): string | undefined {
  if (/^k6(?:\/|$)/.test(specifier)) return undefined;
  if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** True for a package of this repository. */
export function isOwn(name: string): boolean {
  return name.startsWith('@driftbox/');
}
