import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../../src/sandbox/pages/html.ts';

test('values are escaped in text and attributes, markup is not escaped twice', () => {
  const nasty = `<script>"&'`;
  assert.equal(
    html`<a title="${nasty}">${html`<b>${nasty}</b>`}</a>`.text.split('&lt;script&gt;&quot;&amp;&#39;')
      .length,
    3,
  );
  assert.equal(
    html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}</ul>`.text,
    '<ul><li>1</li><li>2</li></ul>',
  );
});

test('null, undefined and false write nothing, zero does', () => {
  assert.equal(html`[${null}${undefined}${false}${0}]`.text, '[0]');
});
