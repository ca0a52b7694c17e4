import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trustedInstance } from '../../src/clients/salesforce-instance.ts';
import { AuthError } from '../../src/errors.ts';

const loginUrl = 'https://login.salesforce.com';

const accepted: [told: string, rules: { loginUrl: string; instanceUrl?: string }, origin: string][] = [
  ['https://acme.my.salesforce.com', { loginUrl }, 'https://acme.my.salesforce.com'],
  ['https://acme.my.salesforce.com/', { loginUrl }, 'https://acme.my.salesforce.com'],
  ['https://na1.salesforce.com', { loginUrl }, 'https://na1.salesforce.com'],
  ['https://crm.acme.example', { loginUrl: 'https://crm.acme.example' }, 'https://crm.acme.example'],
  [
    'https://acme.my.salesforce.com',
    { loginUrl, instanceUrl: 'https://acme.my.salesforce.com' },
    'https://acme.my.salesforce.com',
  ],
  ['http://127.0.0.1:4003', { loginUrl: 'http://127.0.0.1:4003' }, 'http://127.0.0.1:4003'],
  ['http://[::1]:4003', { loginUrl, instanceUrl: 'http://[::1]:4003' }, 'http://[::1]:4003'],
];
for (const [told, rules, origin] of accepted) {
  test(`${told} is accepted after login at ${rules.loginUrl}`, () => {
    assert.equal(trustedInstance(told, rules), origin);
  });
}

const refused: [told: string, rules: { loginUrl: string; instanceUrl?: string }][] = [
  ['', { loginUrl }],
  ['acme.my.salesforce.com', { loginUrl }],
  ['http://acme.my.salesforce.com', { loginUrl }],
  ['https://evil.example', { loginUrl }],
  ['https://salesforce.com.evil.example', { loginUrl }],
  ['https://evilsalesforce.com', { loginUrl }],
  ['https://acme.my.salesforce.com:8443', { loginUrl }],
  ['https://acme.my.salesforce.com@evil.example', { loginUrl }],
  ['https://other.my.salesforce.com', { loginUrl, instanceUrl: 'https://acme.my.salesforce.com' }],
  ['http://127.0.0.1:9', { loginUrl: 'http://127.0.0.1:4003' }],
  ['http://crm.acme.example', { loginUrl: 'http://crm.acme.example' }],
  ['ftp://127.0.0.1', { loginUrl: 'ftp://127.0.0.1' }],
];
for (const [told, rules] of refused) {
  test(`"${told}" is refused after login at ${rules.loginUrl}`, () => {
    assert.throws(
      () => trustedInstance(told, rules),
      (error: unknown) => error instanceof AuthError && error.hint !== undefined,
    );
  });
}
