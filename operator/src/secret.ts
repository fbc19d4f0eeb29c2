import type { KubeObject } from './runtime/index.ts';

/** A Secret as the API has it: values are base64. */
export type SecretObject = KubeObject & { readonly type?: string; readonly data?: Readonly<Record<string, string>> };

/** The values of a Secret as text. */
export function textOf({ data = {} }: SecretObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

/** Text as the API wants it in a Secret. */
export function dataOf(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}
