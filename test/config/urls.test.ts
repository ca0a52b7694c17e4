import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readBaseUrl } from '../../src/config/urls.ts';
import { MINIMAL, parse, places, problemsOf } from './fixture.ts';

describe('readBaseUrl', () => {
  const ACCEPTED: Readonly<Record<string, string>> = {
    'https://api.livestorm.co/v1': 'https://api.livestorm.co/v1',
    'https://api.livestorm.co/v1//': 'https://api.livestorm.co/v1',
    'HTTPS://API.Livestorm.co': 'https://api.livestorm.co',
    'https://host:8443/': 'https://host:8443',
    'http://127.0.0.1:4101/v1': 'http://127.0.0.1:4101/v1',
    'http://127.1.2.3': 'http://127.1.2.3',
    'http://[::1]:80': 'http://[::1]',
    'http://localhost:1': 'http://localhost:1',
  };
  for (const [text, url] of Object.entries(ACCEPTED)) {
    it(`accepts ${text}`, () => assert.deepEqual(readBaseUrl(text), { url }));
  }

  const REFUSED = [
    'pi.pardot.com',
    '/v1',
    '',
    'ftp://host',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://api.livestorm.co',
    'http://127.evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://0.0.0.0',
    'http://[::2]',
    'http://10.0.0.1',
    'https://user:canary@host',
    'https://canary@host',
    'https://host?canary',
    'https://host/#',
    'https://host/?',
    'https://ho st',
    'https:\\\\host',
    'https://host\n',
  ];
  for (const text of REFUSED) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const read = readBaseUrl(text);
      assert.ok('reason' in read);
      assert.doesNotMatch(read.reason, /canary/);
    });
  }

  it('allows a path only where the client does not add one', () => {
    const text = MINIMAL.replace('pardot:', 'pardot:\n  base_url: https://pi.pardot.com/api');
    assert.deepEqual(places(problemsOf(() => parse(text))), ['4:3 pardot.base_url']);
  });
});
