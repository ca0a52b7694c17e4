import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdSequence, id18 } from '../../../src/sandbox/salesforce/ids.ts';

test('the suffix of an 18-character id tells the upper-case letters of the 15', () => {
  // Worked by hand: groups 00130 / 00000 / Abcde → no bit, no bit, bit 0 → A, A, B.
  assert.equal(id18('0013000000Abcde'), '0013000000AbcdeAAB');
  assert.equal(id18('701D0000000HaAA'), '701D0000000HaAAIA0');
});

test('an 18-character id with a wrong suffix is put right, other text is left alone', () => {
  assert.equal(id18('0013000000AbcdeZZZ'), '0013000000AbcdeAAB');
  assert.equal(id18('not-an-id'), 'not-an-id');
});

test('a sequence never repeats and carries across base 62', () => {
  const ids = new IdSequence('701', 'Qy00', 61);
  const [first, second] = [ids.take(), ids.take()];
  assert.equal(first.slice(0, 15), '701Qy000000000z');
  assert.equal(second.slice(0, 15), '701Qy0000000010');
  assert.equal(first.length, 18);
});
