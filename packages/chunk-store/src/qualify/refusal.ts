import { s3Code } from '../s3/s3-error.ts';

/** Resolves with the S3 code of the error that `call` ends with. Throws, saying `otherwise`, when it succeeds. */
export async function refusalOf(call: Promise<unknown>, otherwise: string): Promise<string> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => s3Code(Object(error).cause),
  );
  if (outcome === undefined) throw new Error(otherwise);
  return outcome;
}
