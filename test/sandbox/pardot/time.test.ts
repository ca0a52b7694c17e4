import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localDay, parseInstant, renderInstant } from '../../../src/sandbox/pardot/time.ts';
import { BusinessUnit } from './business-unit.ts';

const STRICT = {
  offsetlessDatetimes: 'rejected',
  zuluDatetimes: 'accepted',
  userTimeZone: 'America/New_York',
} as const;

test('instants carry the offset in force, across both changes of DST', () => {
  const render = (iso: string, zone: string) => renderInstant(Date.parse(iso), zone);
  assert.equal(render('2026-03-08T09:59:59Z', 'America/Los_Angeles'), '2026-03-08T01:59:59-08:00');
  assert.equal(render('2026-03-08T10:00:00Z', 'America/Los_Angeles'), '2026-03-08T03:00:00-07:00');
  assert.equal(render('2026-10-25T00:30:00Z', 'Europe/Berlin'), '2026-10-25T02:30:00+02:00');
  assert.equal(render('2026-10-25T01:30:00Z', 'Europe/Berlin'), '2026-10-25T02:30:00+01:00');
  assert.equal(render('2026-01-01T00:00:00Z', 'Asia/Kathmandu'), '2026-01-01T05:45:00+05:45');
  assert.equal(render('2026-01-01T00:00:00Z', 'America/St_Johns'), '2025-12-31T20:30:00-03:30');
  assert.equal(render('2026-01-01T00:00:00Z', 'UTC'), '2026-01-01T00:00:00+00:00');
});

test('whole seconds, always down', () => {
  assert.equal(renderInstant(Date.parse('2026-01-01T00:00:00.999Z'), 'UTC'), '2026-01-01T00:00:00+00:00');
});

test('the local day turns at local midnight', () => {
  assert.equal(localDay(Date.parse('2026-07-01T03:59:59Z'), 'America/New_York'), '2026-06-30');
  assert.equal(localDay(Date.parse('2026-07-01T04:00:00Z'), 'America/New_York'), '2026-07-01');
});

test('filter values: offsets, Z, and none at all by switch', () => {
  const at = Date.parse('2026-03-02T12:00:00Z');
  assert.equal(parseInstant('2026-03-02T12:00:00+00:00', STRICT), at);
  assert.equal(parseInstant('2026-03-02T07:00:00-05:00', STRICT), at);
  assert.equal(parseInstant('2026-03-02T12:00:00Z', STRICT), at);
  assert.equal(parseInstant('2026-03-02T12:00:00Z', { ...STRICT, zuluDatetimes: 'rejected' }), undefined);
  assert.equal(parseInstant('2026-03-02T12:00:00', STRICT), undefined);
  assert.equal(parseInstant('2026-03-02T12:00:00', { ...STRICT, offsetlessDatetimes: 'utc' }), at);
  const local = { ...STRICT, offsetlessDatetimes: 'user_zone' } as const;
  assert.equal(parseInstant('2026-03-02T07:00:00', local), at);
  // The first hours after the change: the guess by UTC has the old offset.
  assert.equal(parseInstant('2026-03-08T04:00:00', local), Date.parse('2026-03-08T08:00:00Z'));
});

test('a plus sign that was not encoded arrives as a blank and is refused', () => {
  assert.equal(parseInstant('2026-03-02T12:00:00 00:00', STRICT), undefined);
  assert.equal(parseInstant('2026-13-02T12:00:00Z', STRICT), undefined);
});

test('answers follow the user zone when it is changed', () => {
  const unit = new BusinessUnit({ userTimeZone: 'Europe/Paris' });
  unit.world.createList({ name: 'winter' });
  unit.clock.atMs = Date.parse('2026-07-01T12:00:00.700Z');
  unit.world.createList({ name: 'summer' });
  const shown = () => unit.values('lists', { fields: 'createdAt' }).map((row) => row.createdAt);
  assert.deepEqual(shown(), ['2026-03-02T13:00:00+01:00', '2026-07-01T14:00:00+02:00']);
  unit.pardot.switches.userTimeZone = 'America/Los_Angeles';
  assert.deepEqual(shown(), ['2026-03-02T04:00:00-08:00', '2026-07-01T05:00:00-07:00']);
});
