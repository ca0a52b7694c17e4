import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distinctName, linkName } from '../../src/reconcile/names.ts';

const AT = Date.parse('2026-03-02T14:05:59Z');
const DATE = ' - 2026-03-02 14:05 UTC';
const ROOM = 80 - DATE.length;

test('a name is the title with date and time in UTC, within 80 units, the date never cut', () => {
  const cases: [string, string, string][] = [
    ['plain', 'Spring webinar', 'Spring webinar'],
    ['white space', '  Spring \n\t webinar ', 'Spring webinar'],
    ['no title', ' ', 'Livestorm session'],
    ['just fits', 'x'.repeat(ROOM), 'x'.repeat(ROOM)],
    ['one too long', 'x'.repeat(ROOM + 1), `${'x'.repeat(ROOM - 1)}…`],
    ['cut at a space', `${'x'.repeat(ROOM - 2)} yyy`, `${'x'.repeat(ROOM - 2)}…`],
    ['pairs that just fit', `${'x'.repeat(ROOM - 2)}😀`, `${'x'.repeat(ROOM - 2)}😀`],
    ['a pair at the cut', `${'x'.repeat(ROOM - 2)}😀y`, `${'x'.repeat(ROOM - 2)}…`],
    ['a pair before the cut', `${'x'.repeat(ROOM - 3)}😀yy`, `${'x'.repeat(ROOM - 3)}😀…`],
  ];
  for (const [name, title, expected] of cases) {
    const made = linkName(title, AT);
    assert.equal(made, expected + DATE, name);
    assert.ok(made.length <= 80, name);
    assert.ok(made.isWellFormed(), name);
  }
  assert.equal(linkName('Spring webinar', null), 'Spring webinar - no date');
});

test('a name that is taken is told apart by the session id', () => {
  const id = 'f00dcafe-1234-4abc-9def-000000000000';
  assert.equal(distinctName('Spring', id), 'Spring #f00dcafe');
  const long = distinctName(linkName('😀'.repeat(60), AT), id);
  assert.ok(long.length <= 80 && long.isWellFormed());
  assert.ok(long.endsWith('… #f00dcafe'));
});
