import { defineRoute } from '../../route.ts';
import { preferences } from './preferences.ts';

export const getPreferences = defineRoute({
  name: 'getPreferences',
  service: 'notification',
  method: 'GET',
  path: '/v1/preferences',
  summary: 'Of what the caller is told, and how',
  auth: 'user',
  answer: preferences,
});
