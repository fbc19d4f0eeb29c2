import { z } from 'zod';
import { driveIdField, seqField, uuidField } from '../fields.ts';

/** How far a drive's journal goes. Another `driveEpoch` than the one known means: list again. */
export const head = z.object({ drive: driveIdField, driveEpoch: uuidField, seq: seqField });
export type Head = z.output<typeof head>;

/** Most drives that one socket is told about, one question asks about, or one report names. */
export const maxHeads = 1_000;
