import { z } from 'zod';
import { countField, tenantIdField, timeField } from './fields.ts';
import { keyGenerationField } from './key-generation.ts';

const erasedIn = z.object({ service: z.string(), requestedAt: timeField, erasedAt: timeField, erased: z.record(z.string(), countField) });

/** What a receipt of an erasure states; it is signed as it stands. */
export const erasureStatement = z
  .object({
    format: z.literal('driftbox-erasure-1'),
    tenantId: tenantIdField,
    issuedAt: timeField,
    /** What each service answered, none left out. */
    services: z.array(erasedIn).min(1),
    keys: z.object({
      /** Data keys of the tenant that were destroyed. */
      dataKeys: countField,
      /** Generations of the key-encryption key that wrapped them: copies of them open until these are retired. */
      wrappedUnder: z.array(keyGenerationField),
    }),
    covers: z.array(z.string()),
    doesNotCover: z.array(z.string()),
  })
  .superRefine(({ services, issuedAt, keys }, { addIssue }) => {
    const upload = services.find(({ service }) => service === 'upload');
    if (new Set(services.map(({ service }) => service)).size !== services.length) addIssue('a service stands there twice');
    if (upload?.erased['data_keys'] !== keys.dataKeys && (upload === undefined || keys.dataKeys !== 0))
      addIssue('the keys are not those that upload destroyed');
    if (services.some(({ requestedAt, erasedAt }) => Date.parse(requestedAt) > Date.parse(erasedAt)))
      addIssue('erased before it was asked for');
    if (services.some(({ erasedAt }) => Date.parse(erasedAt) > Date.parse(issuedAt))) addIssue('issued before all was erased');
  });
export type ErasureStatement = z.output<typeof erasureStatement>;

const underKey = /^data_keys_under_([1-9][0-9]*)$/;

/** How upload counts destroyed data keys by the generation of the key-encryption key that wrapped them. */
export function dataKeysUnder(keyGeneration: number): string {
  return `data_keys_under_${keyGeneration}`;
}

/** Which keys were destroyed, by what upload says that it has erased. */
export function destroyedKeys(erased: Readonly<Record<string, number>>): ErasureStatement['keys'] {
  const wrappedUnder = Object.keys(erased).flatMap((name) => underKey.exec(name)?.[1] ?? []);
  return { dataKeys: erased['data_keys'] ?? 0, wrappedUnder: wrappedUnder.map(Number).sort((a, b) => a - b) };
}
