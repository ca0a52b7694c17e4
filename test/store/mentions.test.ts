import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutAddress } from '../../src/store/mentions.ts';

const ADDRESS = 'ana@example.com';

test('an address goes from texts in any letter case and form', () => {
  const cases: [string, string][] = [
    ['ana@example.com', '[forgotten]'],
    ['said ANA@Example.COM.', 'said [forgotten].'],
    ['{"from":"ana@example.com"}', '{"from":"[forgotten]"}'],
    ['{"text":"two lines\\nana@example.com"}', '{"text":"two lines\\n[forgotten]"}'],
    ['GET /people?filter%3Dana%40example.com&x', 'GET /people?filter%3D[forgotten]&x'],
  ];
  for (const [text, without] of cases) assert.equal(withoutAddress(text, ADDRESS), without);
  assert.equal(
    withoutAddress('{"a":"J\\u00fcrgen@example.com"}', 'jürgen@example.com'),
    '{"a":"[forgotten]"}',
  );
});

test('addresses of others stay, also those that contain it', () => {
  for (const text of [
    'joana@example.com',
    'ana@example.com.br',
    'x.ana@example.com',
    'ana@example.community',
  ]) {
    assert.equal(withoutAddress(text, ADDRESS), text);
  }
});
