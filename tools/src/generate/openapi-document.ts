import { openApiDocument } from '@driftbox/protocol';
import type { GeneratedDocument } from './document.ts';

/** `docs/openapi.json`: the OpenAPI 3.1 description of every public endpoint, made from their schemas. */
export const openapiDocument: GeneratedDocument = {
  path: 'docs/openapi.json',
  build: () => `${JSON.stringify(openApiDocument(), undefined, 1)}\n`,
};
