import type { WrittenLink } from './existing-links.ts';
import { key, onOrOff, section } from './key.ts';

export const links = section('Which Livestorm events are connected, and to which campaigns.', {
  events: section('Filters on the title or id of the event; `*` stands for any text.', {
    include: key<readonly string[]>({
      doc: 'Only these events are connected.',
      format: 'globs',
      default: [],
      otherwise: 'all events',
    }),
    exclude: key<readonly string[]>({
      doc: 'These events are not connected, even when they are included.',
      format: 'globs',
      default: [],
    }),
  }),
  existing: key<readonly WrittenLink[]>({
    doc:
      'Sessions (`session`) or events (`event`) tied to a campaign (`pardot_campaign`) and optionally a list ' +
      '(`list`) that exist already, by the ids of Livestorm and Account Engagement. ' +
      'For all others a campaign and a list are created.',
    format: 'existing_links',
    default: [],
    example: '[{ session: ID, pardot_campaign: 1234, list: 5678 }, { event: ID, pardot_campaign: 1235 }]',
  }),
});

export const lists = section('The Account Engagement list of each session.', {
  remove_unregistered: onOrOff('Whoever is unregistered in Livestorm leaves the list of the session.', false),
});
