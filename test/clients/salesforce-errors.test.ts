import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quote } from '../../src/clients/answers.ts';
import { apiError } from '../../src/clients/salesforce-errors.ts';
import { grantError } from '../../src/clients/salesforce-grant-errors.ts';
import { MINUTE } from '../../src/clock.ts';
import { AuthError, ParkedError, RefusedError, RetryableError } from '../../src/errors.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');
const operation = 'PATCH /sobjects/Campaign';

function restError(errorCode: string, message = 'as the vendor says', data?: unknown): Error {
  return Object.assign(new Error(message), { name: errorCode, errorCode, data });
}

const classOf = (status: number, errorCode: string) =>
  apiError({ operation, status, error: restError(errorCode) }, NOW);

test('a definite no keeps its code and has a hint for the admin', () => {
  const codes: [number, string][] = [
    [400, 'REQUIRED_FIELD_MISSING'],
    [400, 'STRING_TOO_LONG'],
    [400, 'DUPLICATE_VALUE'],
    [400, 'INVALID_FIELD'],
    [400, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'],
    [400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    [400, 'INVALID_TYPE'],
    [400, 'INSUFFICIENT_ACCESS_OR_READONLY'],
    [400, 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY'],
    [403, 'INSUFFICIENT_ACCESS'],
    [404, 'NOT_FOUND'],
    [410, 'UNSUPPORTED_API_VERSION'],
    [300, 'MULTIPLE_CHOICES'],
  ];
  for (const [status, code] of codes) {
    const error = classOf(status, code);
    assert.ok(error instanceof RefusedError, code);
    assert.equal(error.code, code);
    assert.ok(error.hint, code);
    assert.match(error.message, /as the vendor says/);
  }
});

test('a lock is retried whatever its status, and is known not to be applied', () => {
  for (const status of [400, 500]) {
    const error = classOf(status, 'UNABLE_TO_LOCK_ROW');
    assert.ok(error instanceof RetryableError);
    assert.equal(error.applied, 'not_applied');
  }
});

test('5xx is unknown, with an error code as without', () => {
  for (const [status, code] of [
    [500, 'UNKNOWN_EXCEPTION'],
    [503, 'ERROR_HTTP_503'],
    [502, 'ERROR_HTTP_502'],
  ] as const) {
    const error = classOf(status, code);
    assert.ok(error instanceof RetryableError, code);
    assert.equal(error.applied, 'unknown');
  }
});

test('a used-up limit parks by its code, although its status is that of a missing permission', () => {
  const error = classOf(403, 'REQUEST_LIMIT_EXCEEDED');
  assert.ok(error instanceof ParkedError);
  assert.equal(error.reason, 'quota');
  assert.equal(error.untilMs, NOW + 15 * MINUTE);
});

test('a refused session and a closed API need a person', () => {
  for (const [status, code] of [
    [401, 'INVALID_SESSION_ID'],
    [401, 'ERROR_HTTP_401'],
    [403, 'API_DISABLED_FOR_ORG'],
    [403, 'API_CURRENTLY_DISABLED'],
  ] as const) {
    assert.ok(classOf(status, code) instanceof AuthError, code);
  }
});

test('of several errors the first decides', () => {
  const data = [
    { errorCode: 'UNABLE_TO_LOCK_ROW', message: 'locked' },
    { errorCode: 'INVALID_FIELD', message: 'no' },
  ];
  const error = apiError(
    { operation, status: 400, error: restError('MULTIPLE_API_ERRORS', 'two', data) },
    NOW,
  );
  assert.equal(error.code, 'UNABLE_TO_LOCK_ROW');
  assert.ok(error instanceof RetryableError);
});

test('what a broken connection proves', () => {
  const broken = (code: string, status = 0) => {
    const cause = Object.assign(new Error('x'), { code });
    const error = apiError({ operation, status, error: new TypeError('fetch failed', { cause }) }, NOW);
    assert.ok(error instanceof RetryableError);
    return error.applied;
  };
  assert.equal(broken('ECONNREFUSED'), 'not_applied');
  assert.equal(broken('ENOTFOUND'), 'not_applied');
  assert.equal(broken('UND_ERR_SOCKET'), 'unknown');
  assert.equal(broken('ECONNRESET'), 'unknown');
  assert.equal(broken('UND_ERR_SOCKET', 201), 'done');
  assert.equal(broken('UND_ERR_SOCKET', 500), 'unknown');
});

test('the body of an unreadable answer and anything like a token stay out of messages', () => {
  const page = '<html>00D000000000001!ARsecret</html>';
  const html = apiError({ operation, status: 503, error: restError('ERROR_HTTP_503', page) }, NOW);
  assert.equal(html.message, `${operation}: ERROR_HTTP_503`);
  const told = quote(
    'session 00D5g00000ABCDE!ARsAQH.x_y is bad for\n eyJhbGciOi.J9.abc-def and ann@acme.example',
  );
  assert.equal(told, 'session [token] is bad for [token] and [address]');
});

function oauthError(status: number, name: string, message: string) {
  return grantError({ operation: 'POST', status, error: Object.assign(new Error(message), { name }) });
}

test('every refusal of the token endpoint says in words what to do', () => {
  const names: [string, string][] = [
    ['invalid_grant', "user hasn't approved this consumer"],
    ['unsupported_grant_type', 'grant type not supported'],
    ['invalid_client_id', 'client identifier invalid'],
    ['invalid_client', 'invalid client credentials'],
    ['inactive_user', 'user is inactive'],
    ['inactive_org', 'organization is inactive'],
    ['rate_limit_exceeded', 'login rate exceeded'],
    ['invalid_app_access', 'user is not admin approved to access this app'],
    ['something_new', 'whatever'],
    ['ERROR_HTTP_404', '<html>'],
  ];
  const hints = names.map(([name, text]) => {
    const error = oauthError(400, name, text);
    assert.ok(error instanceof AuthError, name);
    assert.equal(error.code, name);
    return error.hint;
  });
  assert.equal(new Set(hints.slice(0, 9)).size, 9);
  assert.ok(hints.every(Boolean));
  assert.match(oauthError(400, 'invalid_grant', 'audience is invalid').hint ?? '', /audience/);
});

test('an answer of the token endpoint that names no error is classed by its status', () => {
  const nameless = (status: number) => {
    const error = Object.assign(new Error(), { name: undefined });
    return grantError({ operation: 'POST', status, error });
  };
  assert.ok(nameless(408) instanceof RetryableError);
  assert.ok(nameless(400) instanceof AuthError);
});

test('what passes by itself at the token endpoint is retried', () => {
  const passing = [
    oauthError(400, 'invalid_grant', 'token request is already being processed'),
    oauthError(400, 'invalid_grant', 'expired authorization code'),
    oauthError(503, 'ERROR_HTTP_503', '<html>'),
    oauthError(429, 'ERROR_HTTP_429', ''),
    grantError({
      operation: 'POST',
      status: 0,
      error: new TypeError('fetch failed', { cause: new Error('x') }),
    }),
  ];
  for (const error of passing) assert.ok(error instanceof RetryableError, error.message);
});
