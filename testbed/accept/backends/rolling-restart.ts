import { rollingRestarts } from '../../stack/rolling-restart.ts';
import type { Point } from '../point.ts';
import { showUnderLoad } from './under-load.ts';

/** Every service restarted as an upgrade does it. */
export const rollingRestart: Point = {
  number: 4,
  promise: 'a rolling restart of every service under load: all client operations succeed',
  show: () => showUnderLoad(rollingRestarts),
};
