/** What a request's path means: a collection, and perhaps one object in it. */
export type Target = {
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
};

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for anything else. */
export function readTarget(path: string): Target | undefined {
  const pieces = path.split('/').slice(1).map(decodeURIComponent);
  const group = pieces[0] === 'apis' ? pieces[1] : undefined;
  if (pieces[0] !== 'api' && group === undefined) return undefined;
  const [version = '', ...rest] = pieces.slice(group === undefined ? 1 : 2);
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [plural, name] = namespace === undefined ? rest : rest.slice(2);
  if (plural === undefined) return undefined;
  return { apiVersion: group === undefined ? version : `${group}/${version}`, plural, namespace, name };
}

/** Where a store keeps what a target means: the place of one object, or what the places of all begin with. */
export function storePath({ apiVersion, plural, namespace, name }: Target): string {
  return [apiVersion, plural, ...(namespace === undefined ? [] : [namespace]), ...(name === undefined ? [''] : [name])].join('|');
}
