import { z } from 'zod';
import { countField, groupIdField, timeField, userIdField } from '../../fields.ts';

/** A group's name, unique in its tenant whatever its case. */
export const groupNameField = z.string().trim().min(1).max(100);

/** People of a tenant who hold roles together. */
export const group = z.object({ group: groupIdField, name: z.string(), members: countField, createdAt: timeField });
export type Group = z.output<typeof group>;

/** Somebody in a group. */
export const groupMember = z.object({ user: userIdField, name: z.string(), email: z.string().optional(), addedAt: timeField });
export type GroupMember = z.output<typeof groupMember>;
