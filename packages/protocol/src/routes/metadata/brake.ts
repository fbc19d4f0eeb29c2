import { z } from 'zod';
import { countField, driveIdField, timeField, userIdField, uuidField } from '../../fields.ts';

/** A device that the brake holds; `deviceId` is its user's id where the sign-in has no device. */
export const heldDevice = z.object({
  deviceId: uuidField,
  user: userIdField,
  /** Where it was about to take away too much. */
  drive: driveIdField,
  heldAt: timeField,
  /** Five minutes before it began to move things or take them away: undoing goes back to here. */
  since: timeField,
  /** Files whose content it took away in the window, those of the refused commit counted, and how many it might have. */
  files: countField,
  limitFiles: countField,
});
export type HeldDevice = z.output<typeof heldDevice>;
