import { z } from 'zod';
import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkedEntry } from '../internal/linked-entry.ts';
import { belowQuery, linkTokenField } from './shared.ts';

export const listSharedChildren = defineRoute({
  name: 'listSharedChildren',
  service: 'share',
  method: 'GET',
  path: '/v1/shared/:linkToken/children',
  summary: "The files and folders in a link's folder, or in `entry` below it, by name",
  auth: 'none',
  params: z.object({ linkToken: linkTokenField }),
  query: pageQuery(1000, 10_000).extend(belowQuery.shape),
  answer: pageOf(linkedEntry),
  errors: ['not_found', 'unauthenticated'],
});
