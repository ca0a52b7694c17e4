import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINIMAL, parse, places, problemsOf } from './fixture.ts';

/** One link per line, from line 11 on; its first key stands in column 9. */
const withLinks = (...links: string[]): string =>
  `${MINIMAL}links:\n  existing:\n${links.map((link) => `    - { ${link} }\n`).join('')}`;
const SESSION = '3f9d0c52-6a41-4b7e-9c1d-2e8f5a7b0c13';

describe('links.existing', () => {
  it('ties sessions and events to campaigns, with or without a list', () => {
    const text = withLinks(
      `session: ${SESSION}, pardot_campaign: 1234, list: 5678`,
      'event: 42, pardot_campaign: 1235',
    );
    assert.deepEqual(parse(text).links.existing, [
      { session: SESSION, event: null, pardotCampaign: 1234, list: 5678 },
      { session: null, event: '42', pardotCampaign: 1235, list: null },
    ]);
  });

  it('leaves the filters of events as they are', () => {
    const { events } = parse(
      `${withLinks()}  events: { exclude: [a] }\n`.replace('existing:', 'existing: []'),
    ).links;
    assert.deepEqual(events, { include: [], exclude: ['a'] });
  });

  it('lets several links share a list', () => {
    const text = withLinks(
      'session: a, pardot_campaign: 1, list: 9',
      'session: b, pardot_campaign: 2, list: 9',
    );
    assert.equal(parse(text).links.existing.length, 2);
  });

  const wrong: Record<string, { links: string[]; at: string[]; says: RegExp }> = {
    'neither session nor event': {
      links: ['pardot_campaign: 1'],
      at: ['11:7 links.existing[0]'],
      says: /session or event is missing/,
    },
    'session and event': {
      links: ['session: a, event: b, pardot_campaign: 1'],
      at: ['11:7 links.existing[0]'],
      says: /may not both/,
    },
    'no campaign': {
      links: ['session: a', 'event: b, list: 1'],
      at: ['11:7 links.existing[0]', '12:7 links.existing[1]'],
      says: /pardot_campaign is missing/,
    },
    'an empty link': {
      links: [''],
      at: ['11:7 links.existing[0]', '11:7 links.existing[0]'],
      says: /missing/,
    },
    'an unknown key': {
      links: ['session: a, pardot_campaign: 1, lists: 2'],
      at: ['11:41 links.existing[0].lists'],
      says: /unknown key/,
    },
    'an address for an id': {
      links: ['event: "https://app.livestorm.co/p/x", pardot_campaign: 1'],
      at: ['11:9 links.existing[0].event'],
      says: /id of a Livestorm event/,
    },
    'nothing for an id': {
      links: ['session: , pardot_campaign: 1'],
      at: ['11:9 links.existing[0].session'],
      says: /found nothing/,
    },
    'a list for an id': {
      links: ['session: [a], pardot_campaign: 1'],
      at: ['11:9 links.existing[0].session'],
      says: /found a list/,
    },
    'a Salesforce campaign, also one of digits only': {
      links: [
        'session: a, pardot_campaign: 701E00000000001AAA',
        'session: b, pardot_campaign: 701000000000001',
      ],
      at: ['11:21 links.existing[0].pardot_campaign', '12:21 links.existing[1].pardot_campaign'],
      says: /Account Engagement campaign \(a number\), found '701E/,
    },
    'zero, and a negative list': {
      links: ['session: a, pardot_campaign: 0, list: -1'],
      at: ['11:21 links.existing[0].pardot_campaign', '11:41 links.existing[0].list'],
      says: /found '0'/,
    },
    'one session twice, with another campaign': {
      links: [
        'session: a, pardot_campaign: 1',
        'session: b, pardot_campaign: 2',
        'session: a, pardot_campaign: 3',
      ],
      at: ['13:9 links.existing[2].session'],
      says: /same session as in links\.existing\[0\]/,
    },
    'one event three times': {
      links: ['event: a, pardot_campaign: 1', 'event: a, pardot_campaign: 2', 'event: a, pardot_campaign: 3'],
      at: ['12:9 links.existing[1].event', '13:9 links.existing[2].event'],
      says: /same event as in links\.existing\[0\]/,
    },
    'a whole line twice, which is one problem': {
      links: ['session: a, pardot_campaign: 1', 'session: a, pardot_campaign: 1'],
      at: ['12:9 links.existing[1].session'],
      says: /same session/,
    },
    'one campaign for two sessions': {
      links: ['session: a, pardot_campaign: 1', 'session: b, pardot_campaign: 1'],
      at: ['12:21 links.existing[1].pardot_campaign'],
      says: /same campaign as in links\.existing\[0\]/,
    },
    'one campaign for a session and an event': {
      links: ['session: a, pardot_campaign: 1', 'event: a, pardot_campaign: 1'],
      at: ['12:19 links.existing[1].pardot_campaign'],
      says: /same campaign/,
    },
    'two wrong ids alike, which is no repetition': {
      links: ['session: a, pardot_campaign: x', 'session: b, pardot_campaign: x'],
      at: ['11:21 links.existing[0].pardot_campaign', '12:21 links.existing[1].pardot_campaign'],
      says: /found 'x'/,
    },
  };
  for (const [name, { links, at, says }] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => {
      const problems = problemsOf(() => parse(withLinks(...links)));
      assert.deepEqual(places(problems), at);
      assert.match(problems[0]?.message ?? '', says);
      for (const { fix } of problems) assert.notEqual(fix, '');
    });
  }

  it('refuses what is no list, and what is no link', () => {
    const at = (value: string): string[] =>
      places(problemsOf(() => parse(`${MINIMAL}links: { existing: ${value} }\n`)));
    assert.deepEqual(at('{ session: a, pardot_campaign: 1 }'), ['9:10 links.existing']);
    assert.deepEqual(at('a'), ['9:10 links.existing']);
    assert.deepEqual(at('[a, [b]]'), ['9:21 links.existing[0]', '9:24 links.existing[1]']);
  });
});
