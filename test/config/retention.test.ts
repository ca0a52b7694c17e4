import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINIMAL, parse, problemsOf } from './fixture.ts';

const withDays = (days: number) => () => parse(`${MINIMAL}retention: { people_days: ${days} }\n`);

test('people stay 400 days, for ever, or longer than they are read', () => {
  assert.equal(parse(MINIMAL).retention.peopleDays, 400);
  for (const days of [0, 60, 3650]) assert.equal(withDays(days)().retention.peopleDays, days);
  for (const days of [1, 59]) {
    const [problem] = problemsOf(withDays(days));
    assert.equal(problem?.path, 'retention.people_days');
    assert.match(problem?.fix ?? '', /at least 60, or 0 for ever/);
  }
});
