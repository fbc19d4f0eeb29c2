import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { addressOf, placeOfLink, readTerms, termFlags } from '../link-terms.ts';

export const request: Command = {
  name: 'request',
  summary: 'Make a link by which people put files into a folder, and see nothing there',
  synopsis: 'FOLDER [--password] [--expires 7d]',
  example: 'driftbox request /incoming --expires 14d',
  args: { min: 1, max: 1 },
  flags: termFlags,
  run: async ({ connect, output, given }) => {
    const connection = await connect();
    const place = await placeOfLink(connection, given.arg(0));
    const body = { ...place, ...(await readTerms(given)), role: 'uploader' as const };
    const made = await connection.client.call(routes.createLink, { body });
    const url = addressOf(connection.server, made);
    output.result({ ...made, url }, () => [url ?? made.linkId]);
    return exitCodes.ok;
  },
};
