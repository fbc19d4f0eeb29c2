import { backup } from './backup.ts';
import { cell } from './cell.ts';
import type { Dashboard } from './dashboard.ts';
import { events } from './events.ts';
import { operator } from './operator.ts';
import { platform } from './platform.ts';
import { storage } from './storage.ts';
import { sync } from './sync.ts';
import { tenant } from './tenant.ts';

/** Every dashboard that there is, the first to look at first. */
export const dashboards: readonly Dashboard[] = [platform, cell, tenant, sync, storage, events, operator, backup];
