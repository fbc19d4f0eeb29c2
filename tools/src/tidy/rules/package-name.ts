/** The package that a bare specifier names: `@koa/router/x` is `@koa/router`. Undefined for relative paths and Node's own modules. */
export function packageName(specifier: string): string | undefined {
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
