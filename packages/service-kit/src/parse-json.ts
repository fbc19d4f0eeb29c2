import { Problem } from '@driftbox/protocol';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const suspicious = /__proto__|\\u/;

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Problem('invalid_argument', 'The key __proto__ is not allowed');
  return value;
}

/**
 * JSON as RFC 8259 has it, from bytes: UTF-8 without errors or byte order mark, and no `__proto__` key, however it is
 * escaped. Anything else throws `invalid_argument`.
 */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = utf8.decode(bytes);
    return suspicious.test(text) ? JSON.parse(text, refusePrototype) : JSON.parse(text);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid_argument', 'The body is not valid JSON in UTF-8', { cause: error });
  }
}
