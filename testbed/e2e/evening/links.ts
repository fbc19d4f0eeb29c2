import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readZip } from '@driftbox/testkit';
import { createCli } from '../../src/run-cli.ts';
import type { Company } from './people.ts';
import type { Place } from './place.ts';
import { device } from './share-and-move.ts';
import { arrival } from './trees.ts';

/** What a stranger puts in through a file request. */
export const sent = { 'ticket.txt': 'two seats', 'ticket (2).txt': 'a third seat' } as const;
const refused = 3;
const linkPassword = 'open sesame';

/** A link with a password and two downloads, and a file request, both used by who has no account. Answers what was not as it should be. */
export async function useLinks(place: Place, { ada, bob }: Company): Promise<string[]> {
  const at = (name: string): string => path.join(place.folder, name);
  await writeFile(at('link-password'), `${linkPassword}\n`, { mode: 0o600 });
  await writeFile(at('wrong-password'), 'open barley\n', { mode: 0o600 });
  const stranger = createCli(at('stranger'), place.env);
  const terms = ['--password-file', at('link-password'), '--max-downloads', '2', '--expires', '1d', '--notify'];
  const url = (await ada.cli.must('link', 'create', '/Journeys/album', ...terms)).trim();
  const fetchAs = async (password: string, target: string): Promise<number | null> =>
    (await stranger.run('fetch', url, at(target), '--password-file', at(password))).code;
  const codes: (number | null)[] = [];
  codes.push(await fetchAs('wrong-password', 'wrong.zip'));
  for (const target of ['one.zip', 'two.zip', 'three.zip']) codes.push(await fetchAs('link-password', target));
  const zip = readZip(await readFile(at('two.zip')));
  const note = zip.get('album/notes/day1.txt')?.toString();

  await ada.cli.must('mkdir', '/Journeys/incoming');
  const request = (await ada.cli.must('request', '/Journeys/incoming', '--notify')).trim();
  const answers: number[] = [];
  for (const text of Object.values(sent)) answers.push(await upload(request, 'ticket.txt', text));
  for (const one of bob.devices) for (const [name, text] of Object.entries(sent)) await arrival(one, `Trip/incoming/${name}`, text);
  await arrival(device(ada, 0), 'Journeys/incoming/ticket.txt', sent['ticket.txt']);
  return [
    ...(codes[0] === refused && codes[1] === 0 && codes[2] === 0 && codes[3] !== 0
      ? []
      : [`a link of two downloads gave ${codes.join(', ')}`]),
    ...(note === 'rain, then sun' ? [] : [`the archive says: ${note}`]),
    ...(answers.every((status) => status === 201) ? [] : [`the file request answered ${answers.join(', ')}`]),
  ];
}

async function upload(request: string, name: string, text: string): Promise<number> {
  const url = `${request}/upload?name=${encodeURIComponent(name)}`;
  const headers = { 'content-type': 'application/octet-stream' };
  return (await fetch(url, { method: 'POST', headers, body: text })).status;
}
