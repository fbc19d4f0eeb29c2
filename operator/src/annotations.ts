import type { KubeObject } from './runtime/index.ts';

/** True where an administrator asked that the operator leave this object alone. */
export function isPaused({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['driftbox.io/paused'] === 'true';
}

/** The token by which somebody asked for a pass; it is echoed in the status once one was made. */
export function requestedAt({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.['driftbox.io/requested-at']?.slice(0, 256);
}

/** By which token somebody asked that the secrets of a cell be rotated; each new one asks once more. */
export function rotationAsked({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.['driftbox.io/rotate-secrets']?.slice(0, 256);
}

/** True where an administrator says that the cell of this very object is gone for good: what is in it is given up. */
export function isAbandoned({ metadata }: KubeObject): boolean {
  return metadata.uid !== undefined && metadata.annotations?.['driftbox.io/abandon'] === metadata.uid;
}

/** True where somebody asked what a pass would change, and that it change nothing. */
export function isPlanAsked({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['driftbox.io/plan'] === 'true';
}
