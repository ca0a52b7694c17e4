import { checkRecord, list } from './collections.ts';
import type { Finding, Format } from './format.ts';
import { present } from './present.ts';
import { describeFound } from './printable.ts';

/** A session, or every session of an event, tied to a campaign and list that exist already. */
export interface ExistingLink {
  /** Livestorm session id; null when the event is tied. */
  readonly session: string | null;
  /** Livestorm event id; null when one session is tied. */
  readonly event: string | null;
  readonly pardotCampaign: number;
  /** Pardot list id; null when none is given. */
  readonly list: number | null;
}

/** As the file says it. */
export type WrittenLink = ReadonlyMap<'session' | 'event' | 'pardot_campaign' | 'list', string>;

export const LIVESTORM_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
/** Shorter than any Salesforce id, which may consist of digits only. */
export const PARDOT_ID = /^[1-9]\d{0,11}$/;
const EXAMPLE = '{ session: ID, pardot_campaign: 1234, list: 5678 }';

const LINKS = list('a list of links to existing campaigns', `[${EXAMPLE}]`, (item) => {
  if (!(item instanceof Map)) {
    return [{ message: `expected a link, found ${describeFound(item)}`, fix: `write ${EXAMPLE}` }];
  }
  const link = item as Map<string, unknown>;
  return [...checkPresence(link), ...checkRecord(link, CHECKS)];
});

export const EXISTING_LINKS: Format = {
  ...LINKS,
  check: (value, key) => [...LINKS.check(value, key), ...checkRepetition(Array.isArray(value) ? value : [])],
};

const CHECKS = {
  session: (value: unknown) => checkId(value, LIVESTORM_ID, 'a Livestorm session'),
  event: (value: unknown) => checkId(value, LIVESTORM_ID, 'a Livestorm event'),
  pardot_campaign: (value: unknown) => checkId(value, PARDOT_ID, 'an Account Engagement campaign (a number)'),
  list: (value: unknown) => checkId(value, PARDOT_ID, 'an Account Engagement list (a number)'),
};
/** What may stand in one link only, the most telling first: a link written twice is one problem. */
const IDENTIFYING = ['session', 'event', 'pardot_campaign'] as const;

/** The checked list in the form the code works with. */
export function readExistingLinks(written: readonly WrittenLink[]): readonly ExistingLink[] {
  return written.map((link) => {
    const listId = link.get('list');
    return {
      session: link.get('session') ?? null,
      event: link.get('event') ?? null,
      pardotCampaign: Number(present(link.get('pardot_campaign'))),
      list: listId === undefined ? null : Number(listId),
    };
  });
}

function checkId(value: unknown, pattern: RegExp, owner: string): Finding | null {
  if (typeof value === 'string' && pattern.test(value)) return null;
  const fix = 'copy the id from the address of its page';
  return { message: `expected the id of ${owner}, found ${describeFound(value)}`, fix };
}

function* checkPresence(link: ReadonlyMap<string, unknown>): Generator<Finding> {
  if (link.has('session') && link.has('event')) {
    const fix = 'keep session for this session alone, or event for all sessions of the event';
    yield { message: 'session and event may not both be given', fix };
  }
  if (!link.has('session') && !link.has('event')) {
    yield { message: 'session or event is missing', fix: 'add session: ID or event: ID' };
  }
  if (!link.has('pardot_campaign')) {
    yield { message: 'pardot_campaign is missing', fix: 'add a line like pardot_campaign: 1234' };
  }
}

/** Registrations are routed by campaign, so a campaign may lead to one place only. */
function* checkRepetition(links: readonly unknown[]): Generator<Finding> {
  const firstPlaces = new Map<string, number>();
  for (const [index, link] of links.entries()) {
    if (!(link instanceof Map)) continue;
    const ids = IDENTIFYING.map((name) => ({ name, id: link.get(name) as unknown }))
      .filter(({ name, id }) => CHECKS[name](id) === null)
      .map(({ name, id }) => ({ name, key: `${name} ${id}` }));
    const repeated = ids.find(({ key }) => firstPlaces.has(key));
    if (repeated) yield repetition(repeated.name, firstPlaces.get(repeated.key) ?? 0, index);
    for (const { key } of ids) if (!firstPlaces.has(key)) firstPlaces.set(key, index);
  }
}

function repetition(name: (typeof IDENTIFYING)[number], first: number, index: number): Finding {
  const within = `[${index}].${name}`;
  if (name !== 'pardot_campaign') {
    return { message: `the same ${name} as in links.existing[${first}]`, fix: 'keep one of them', within };
  }
  const message = `the same campaign as in links.existing[${first}]: it may lead to one session or event only`;
  return { message, fix: 'give each a campaign of its own', within };
}
