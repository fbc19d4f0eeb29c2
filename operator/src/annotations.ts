import type { KubeObject } from './runtime/index.ts';

/** True where an administrator asked that the operator leave this object alone. */
export function isPaused({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['driftbox.io/paused'] === 'true';
}

/** The token by which somebody asked for a pass; it is echoed in the status once one was made. */
export function requestedAt({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.['driftbox.io/requested-at']?.slice(0, 256);
}
