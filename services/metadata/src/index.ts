export { createMetadata, type Metadata, type MetadataOptions } from './app.ts';

export { localAnswers } from './answer-store.ts';

/** The folder of metadata's migrations, for `migrate` of the postgres package. */
export const migrations = new URL('../migrations/', import.meta.url);
