import { z } from 'zod';
import { secretName, secureServerUrl, text } from '../schema/fields.ts';
import { ruled } from '../schema/rule.ts';
import { exactlyOne, fixed, sameChoice } from '../schema/rules.ts';

const keysStay = 'what is encrypted could not be read any more; change the keys inside the Secret';
const transitStays = 'what is encrypted could not be read any more; make another generation of the key';

const path = text(200, '^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$', 'a path such as transit or team/transit');

const transit = ruled(
  z.strictObject({
    url: secureServerUrl.describe('Address of the Vault or OpenBao, for example https://bao.example.com:8200.'),
    mount: path.default('transit').describe('Where its transit engine is mounted. Default transit.'),
    key: text(128, '^[A-Za-z0-9_.-]+$', "a key's name such as driftbox")
      .default('driftbox')
      .describe('Name of the key there, made with derived=true. Default driftbox.'),
    namespace: path.optional().describe('Namespace of the engine, if it is in one.'),
    tokenSecret: secretName.describe(
      "Secret in the operator's namespace with the key token. Whoever renews the token replaces it there; no pod starts anew for it.",
    ),
    authoritySecret: secretName
      .optional()
      .describe("Secret in the operator's namespace with the key ca.crt, where the server's certificate is not publicly trusted."),
  }),
  ...['mount', 'key', 'namespace'].map((name) => fixed(name, transitStays)),
);

/** What wraps the data keys of a cell: without it no content can be read. */
export const keyManager = ruled(
  z.strictObject({
    generated: z.strictObject({}).optional().describe('Keys that the operator makes once and keeps in a Secret of its namespace.'),
    secret: secretName.optional().describe("Secret in the operator's namespace with the key keys.json, made by an administrator."),
    transit: transit.optional().describe('A key of the transit engine of a Vault or OpenBao, which never leaves it.'),
  }),
  exactlyOne('generated', 'secret', 'transit'),
  sameChoice(['generated', 'secret', 'transit'], keysStay),
  fixed('secret', keysStay),
);
