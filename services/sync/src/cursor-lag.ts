import type { Head } from '@driftbox/protocol';

/** How many changes of a drive a cursor has yet to come by; `undefined` where the drive is not known here, or was begun anew since. */
export function cursorLag(head: Head | undefined, cursor: Head): number | undefined {
  if (head === undefined || head.driveEpoch !== cursor.driveEpoch) return undefined;
  // A device may have read what nobody has told this process of.
  return Math.max(0, head.seq - cursor.seq);
}
