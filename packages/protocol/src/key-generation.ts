import { z } from 'zod';

/** A generation of a key: 1 and up. */
export const keyGenerationField = z.number().int().min(1).max(0xffffffff);
