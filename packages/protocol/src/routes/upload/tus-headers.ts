/** What every answer of tus's routes says of itself. */
export const tusHeaders = { 'tus-resumable': '1.0.0', 'tus-version': '1.0.0' } as const;
