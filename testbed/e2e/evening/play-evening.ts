import { endHooks, endMails, endTrees, recount, strangers } from './ending.ts';
import { eventsOf, openHooks } from './hooks.ts';
import { useLinks } from './links.ts';
import { arrive, type Company } from './people.ts';
import type { Place } from './place.ts';
import { moveAbout, share } from './share-and-move.ts';
import { becomeReader, removeInMidSync } from './take-away.ts';

/** How an evening went: what was wrong, and figures. */
export type Evening = { readonly wrong: readonly string[]; readonly figure: string };

/**
 * Five people in two tenants and eleven devices, each a process: they join, share, move, lose their roles in the midst of work, and
 * make links that strangers use. Throws where a step does not come about; answers what differs at the end from what is stated.
 */
export async function playEvening(place: Place, tell: (line: string) => void): Promise<Evening> {
  const company = await arrive(place);
  tell('five people have joined two tenants, by invitation and by OpenID');
  const hooks = await openHooks(company);
  const all = peopleOf(company).flatMap(({ devices }) => devices);
  try {
    for (const one of all) one.start();
    const drives = await share(company);
    tell('two folders are shared, and are on the devices of all who were invited');
    await moveAbout(company);
    tell('folders were moved about on three devices');
    const wrong = await useLinks(place, company);
    tell('a link and a file request were used');
    await becomeReader(company);
    await company.ada.cli.must('members', 'remove', '/Journeys', company.cleo.email);
    tell('a drive became read-only for who changed it offline, and went');
    wrong.push(...(await removeInMidSync(company)), ...(await strangers(company, drives)));
    tell('somebody was removed in the midst of fetching');
    wrong.push(...(await endTrees(company)));
    tell('all trees were compared');
    const mails = await endMails(place, company);
    wrong.push(...(await endHooks(hooks, drives)));
    await Promise.all(all.map((one) => one.stop()));
    wrong.push(...(await recount(place, company.home)), ...(await recount(place, company.acme)));
    const events = eventsOf(hooks.home).length + eventsOf(hooks.acme).length;
    return { wrong, figure: `5 people, 2 tenants, ${all.length} devices; ${mails} mails by SMTP, ${events} deliveries verified` };
  } finally {
    await Promise.all(all.map((one) => one.stop()));
    await hooks.close();
  }
}

function peopleOf({ ada, bob, cleo, dora, emil }: Company) {
  return [ada, bob, cleo, dora, emil];
}
