import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { type Applicant, busiest, overfilled } from '../../src/reconcile/plan-brake.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');

function applicant(name: string, atMs: number, others: Partial<Applicant> = {}): Applicant {
  const activityId = Number(name.replaceAll(/\D/g, '')) || 1;
  const person = { sessionId: 's1', form: 'form:1', isLate: false, ...others };
  return { activityId, emailKey: `${name}@example.org`, requestedAtMs: atMs, ...person };
}

const many = (count: number, atMs: (n: number) => number, others: Partial<Applicant> = {}) =>
  Array.from({ length: count }, (_, n) => applicant(`p${n}`, atMs(n), others));

test('the busiest time of a form is counted by when people submitted, not by when they were read', () => {
  const overnight = many(600, (n) => NOW + n * MINUTE);
  assert.equal(busiest(overnight, [], 10), 10);
  const atOnce = many(600, (n) => NOW + n * SECOND);
  assert.equal(busiest(atOnce, [], 10), 600);
  assert.equal(busiest(atOnce, [], 1), 60);
});

test('those who came before count, too, but only as far as the time reaches', () => {
  const before = (minutesAgo: number) =>
    Array.from({ length: 90 }, (_, n) => ({ emailKey: `b${n}`, atMs: NOW - minutesAgo * MINUTE }));
  assert.equal(
    busiest(
      many(20, () => NOW),
      before(9),
      10,
    ),
    110,
  );
  assert.equal(
    busiest(
      many(20, () => NOW),
      before(10),
      10,
    ),
    20,
  );
  assert.equal(busiest([], before(1), 10), 0);
});

test('somebody who submits again and again is one person', () => {
  const again = Array.from({ length: 50 }, (_, n) => applicant('same', NOW + n * SECOND));
  assert.equal(busiest(again, [{ emailKey: 'same@example.org', atMs: NOW - MINUTE }], 10), 1);
});

test('only a session that a change would fill is overfilled', () => {
  const late = many(30, () => NOW, { isLate: true });
  const elsewhere = many(20, () => NOW, { isLate: true, sessionId: 's2' });
  const ordinary = many(90, () => NOW, { sessionId: 's3' });
  const all = [...late, ...elsewhere, ...ordinary];
  assert.deepEqual([...overfilled(all, 29)], [['s1', 30]]);
  assert.deepEqual([...overfilled(all, 30)], []);
  assert.deepEqual([...overfilled(all, 0)], []);
});
