import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkClass } from '../../src/domain.ts';
import { WorkQueue } from '../../src/governor/queue.ts';

const waiter = (work: WorkClass, name: string) => ({ work, name });

test('serves the most important class first and each class in order of arrival', () => {
  const queue = new WorkQueue<ReturnType<typeof waiter>>();
  const arrivals = [
    waiter('backfill', 'b1'),
    waiter('discovery', 'd1'),
    waiter('registrations', 'r1'),
    waiter('replays', 'p1'),
    waiter('attendance', 'a1'),
    waiter('registrations', 'r2'),
    waiter('discovery', 'd2'),
  ];
  for (const arrival of arrivals) queue.add(arrival);
  const served: string[] = [];
  for (let next = queue.first(); next; next = queue.first()) {
    served.push(next.name);
    queue.remove(next);
  }
  assert.deepEqual(served, ['r1', 'r2', 'a1', 'd1', 'd2', 'p1', 'b1']);
});

test('whoever leaves is not served', () => {
  const queue = new WorkQueue<ReturnType<typeof waiter>>();
  const [gone, stays] = [waiter('attendance', 'gone'), waiter('attendance', 'stays')];
  queue.add(gone);
  queue.add(stays);
  queue.remove(gone);
  assert.equal(queue.first(), stays);
  assert.deepEqual(queue.all(), [stays]);
});
