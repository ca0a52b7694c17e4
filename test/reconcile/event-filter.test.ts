import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventFilter } from '../../src/reconcile/event-filter.ts';

test('events are chosen by globs on title or id, exclusion last', () => {
  const cases: [string[], string[], string, boolean][] = [
    [[], [], 'Anything', true],
    [['spring*'], [], 'Spring webinar', true],
    [['spring'], [], 'Spring webinar', false],
    [['*web*ar'], [], 'Spring webinar', true],
    [['other', 'event-1'], [], 'Spring webinar', true],
    [['*'], ['*test*'], 'Pardot Test Event', false],
    [['a.c (x)'], [], 'abc (x)', false],
    [['a.c (x)'], [], 'A.C (X)', true],
  ];
  for (const [include, exclude, title, expected] of cases) {
    const isWanted = eventFilter({ include, exclude });
    assert.equal(isWanted({ id: 'event-1', title }), expected, `${include} | ${exclude} | ${title}`);
  }
});
