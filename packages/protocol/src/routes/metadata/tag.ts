import { z } from 'zod';
import { timeField, userIdField } from '../../fields.ts';

/** Most tags of one entry. */
export const maxTags = 64;

const words = z.string().trim().min(1).normalize('NFC');

/** A tag's name. Case and accents do not make another one of it. */
export const tagField = words.max(64).regex(/^[^/=\p{Cc}]+$/u, 'has a slash, an equals sign or a control character in it');
/** What a tag says, where it says more than its name. */
export const tagValueField = words.max(255).regex(/^[^\p{Cc}]+$/u, 'has a control character in it');

/** Something noted on an entry: a name, and maybe a value. */
export const tag = z.object({ tag: tagField, value: tagValueField.optional(), by: userIdField, at: timeField });
export type Tag = z.output<typeof tag>;
