import { defineRoute } from '../../route.ts';
import { preferences, preferencesPatch } from './preferences.ts';

export const updatePreferences = defineRoute({
  name: 'updatePreferences',
  service: 'notification',
  method: 'PATCH',
  path: '/v1/preferences',
  summary: 'Change of what the caller is told, and how',
  auth: 'user',
  body: preferencesPatch,
  answer: preferences,
});
