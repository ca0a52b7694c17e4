import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestAddresses } from '../../src/questions/nearest-addresses.ts';

const KNOWN = [
  'ada.lovelace@example.org',
  'ada.lovelace@partner.example',
  'adalovelace+news@example.org',
  'charles@example.org',
  'bob@example.org',
];

const CASES: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Ada.Lovelace@Exampel.org',
    [
      ['ada.lovelace@example.org', '2 letters differ'],
      ['ada.lovelace@partner.example', 'the same name at partner.example'],
      ['adalovelace+news@example.org', 'the same name at example.org'],
    ],
  ],
  ['charle@example.org', [['charles@example.org', 'one letter differs']]],
  [
    'ada.love.lace@example.org',
    [
      ['ada.lovelace@example.org', 'one letter differs'],
      ['adalovelace+news@example.org', 'the same but for dots or a tag'],
      ['ada.lovelace@partner.example', 'the same name at partner.example'],
    ],
  ],
  ['nobody@nowhere.example', []],
  ['bob@nowhere.example', [['bob@example.org', 'the same name at example.org']]],
];

for (const [asked, expected] of CASES) {
  test(`${asked}: ${expected.map(([email]) => email).join(', ') || 'nobody'}`, () => {
    const found = nearestAddresses(asked, KNOWN);
    assert.deepEqual(
      found.map(({ email, because }) => [email, because]),
      expected,
    );
  });
}

test('the address itself is no neighbour', () => {
  assert.deepEqual(nearestAddresses(' BOB@example.org', ['bob@example.org']), []);
});
