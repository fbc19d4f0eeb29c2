export { createMetadata, type Metadata, type MetadataOptions } from './app.ts';

export { localAnswers, type AnswerStore } from './answer-store.ts';

/** The folder of metadata's migrations, for `migrate` of the postgres package. */
export const migrations = new URL('../migrations/', import.meta.url);
