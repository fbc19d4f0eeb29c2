import { defineConfig } from './config.ts';

/** The cell's secret, and another while it is being replaced: rows that every service's own table includes. */
export const serviceKeySettings = defineConfig({
  DRIFTBOX_SERVICE_KEY: {
    type: 'string',
    secret: true,
    min: 32,
    description: "The cell's secret, by which its services and its administrator call one another",
  },
  DRIFTBOX_OTHER_SERVICE_KEY: {
    type: 'string',
    secret: true,
    min: 32,
    optional: true,
    description: 'Taken from callers as well as DRIFTBOX_SERVICE_KEY: the next or the previous one while that is being replaced',
  },
});
