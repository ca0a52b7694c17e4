import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearest } from '../../src/config/nearest.ts';
import { MINIMAL, parse, problemsOf } from './fixture.ts';

describe('nearest', () => {
  const known = ['api_token', 'base_url', 'monthly_budget'];
  const meant: Readonly<Record<string, string | null>> = {
    api_tokn: 'api_token',
    'api-token': 'api_token',
    apiToken: 'api_token',
    BASE_URL: 'base_url',
    monthly_bugdet: 'monthly_budget',
    secret: null,
    x: null,
  };
  for (const [word, expected] of Object.entries(meant)) {
    it(`${word} means ${expected ?? 'nothing known'}`, () => assert.equal(nearest(word, known), expected));
  }

  it('an unknown key is told what was meant, where it belongs, or what is known', () => {
    const text = `${MINIMAL}flow: {}\nlookback_minutes: 5\nlinks: { campaigns_by_id: [] }\n`;
    assert.deepEqual(
      problemsOf(() => parse(text)).map(({ fix }) => fix),
      [
        'did you mean flows?',
        'did you mean safety.lookback_minutes?',
        'remove it; known under links: events, existing',
      ],
    );
  });
});
