import { sign, verify, type KeyObject } from 'node:crypto';
import { erasureStatement, type ErasureStatement } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import { keyIdOf } from './receipt-keys.ts';

const type = 'driftbox-erasure+jws';
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());

/** A signed receipt: a flattened JWS (RFC 7515 section 7.2.2) under Ed25519 (RFC 8037), which other software verifies too. */
export function signReceipt(statement: ErasureStatement, privateKey: KeyObject): string {
  const header = encode({ alg: 'EdDSA', typ: type, kid: keyIdOf(privateKey) });
  const payload = encode(statement);
  const signature = sign(undefined, Buffer.from(`${header}.${payload}`), privateKey).toString('base64url');
  return `${JSON.stringify({ protected: header, payload, signature }, undefined, 2)}\n`;
}

/**
 * What a receipt states. Throws `LocalError`, saying why, for anything that was not signed by the holder of this key as it
 * stands, or that states what cannot be.
 */
export function openReceipt(text: string, publicKey: KeyObject): ErasureStatement {
  const { protected: header, payload, signature } = partsOf(text);
  const kid = keyIdOf(publicKey);
  const named = headerOf(header);
  // The header chooses nothing: one algorithm, one type, and the key that the verifier trusts.
  if (named['alg'] !== 'EdDSA' || named['typ'] !== type) throw new LocalError('this is no receipt of an erasure');
  if (named['kid'] !== kid) throw new LocalError(`the receipt was signed with key ${String(named['kid'])}, and this is ${kid}`);
  if (!verify(undefined, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url')))
    throw new LocalError('the signature is not of this receipt: it was changed, or signed by somebody else');
  const parsed = erasureStatement.safeParse(decode(payload));
  if (!parsed.success) throw new LocalError(`the receipt is signed, but states what cannot be: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

type Parts = { readonly protected: string; readonly payload: string; readonly signature: string };

function partsOf(text: string): Parts {
  try {
    const parts = JSON.parse(text) as Partial<Parts>;
    const strings = [parts.protected, parts.payload, parts.signature];
    if (strings.every((one) => typeof one === 'string' && /^[A-Za-z0-9_-]+$/.test(one))) return parts as Parts;
  } catch {
    // One message for all that is no receipt.
  }
  throw new LocalError('this is no receipt of an erasure');
}

function headerOf(text: string): Record<string, unknown> {
  try {
    const header = decode(text);
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {
    // As above.
  }
  throw new LocalError('this is no receipt of an erasure');
}
