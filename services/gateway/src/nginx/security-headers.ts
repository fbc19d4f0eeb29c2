/**
 * `add_header` lines for an answer. NGINX forgets outer ones where a block has any of its own, so each block states all.
 * Values are NGINX text: variables count, quotes are the caller's.
 */
export function answerHeaders(hstsSeconds: number, more: readonly (readonly [name: string, value: string])[] = []): string[] {
  const all = hstsSeconds === 0 ? more : [['Strict-Transport-Security', '$driftbox_hsts'] as const, ...more];
  return all.map(([name, value]) => `add_header ${name} ${value} always;`);
}
