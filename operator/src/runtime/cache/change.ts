import type { KubeObject } from '../api/object.ts';

/**
 * What became of an object, as far as the cache saw it; states in between may have been missed. An object that was deleted and made
 * again under the same name is another one: that is a `deleted` followed by an `added`, never a `changed`.
 */
export type Change<T extends KubeObject> =
  | { readonly type: 'added'; readonly object: T }
  | { readonly type: 'changed'; readonly object: T; readonly previous: T }
  /** `object` is what was last seen of it. */
  | { readonly type: 'deleted'; readonly object: T };
