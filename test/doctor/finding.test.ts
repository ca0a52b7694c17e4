import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Finding, fromStep, ok, refused, verdictOf } from '../../src/doctor/finding.ts';
import { AuthError, ParkedError, RefusedError, RetryableError } from '../../src/errors.ts';

const problem = (cause?: Finding['cause']): Finding => ({
  ...ok('machine', 'Thing', 'found'),
  level: 'problem',
  cause,
});
const warning: Finding = { ...ok('machine', 'Thing', 'found'), level: 'warning' };

describe('the verdict', () => {
  it('names what has to be solved first', () => {
    const cases: [Finding[], ReturnType<typeof verdictOf>][] = [
      [[], 'ok'],
      [[{ ...warning, level: 'note' }], 'ok'],
      [[warning, ok('fields', 'a', 'b')], 'warnings'],
      [[warning, problem('temporary')], 'temporary'],
      [[problem('temporary'), problem()], 'problems'],
      [[problem('temporary'), problem(), problem('permission')], 'permission'],
      [[problem('permission'), problem('configuration')], 'configuration'],
    ];
    for (const [findings, verdict] of cases) assert.equal(verdictOf(findings), verdict);
  });
});

describe('a refusal', () => {
  const of = { vendor: 'pardot', operation: 'GET /account' } as const;
  const tell = (error: Parameters<typeof refused>[2]) => refused('account_engagement', 'Thing', error, 'why');

  it('says what the code means, and whose it is to mend', () => {
    const finding = tell(
      new AuthError('GET /account: HTTP 403, code 201', { ...of, code: 201, hint: 'look' }),
    );
    assert.match(finding.means ?? '', /^the business unit was not found/);
    assert.equal(finding.cause, 'configuration');
    assert.equal(finding.code, '201');
    assert.equal(finding.fix, 'look');
    assert.equal(tell(new AuthError('no', { ...of, code: 46 })).cause, 'permission');
  });

  it('takes the fix from the code where the error brings no hint', () => {
    assert.match(tell(new RefusedError('no', { ...of, code: 218 })).fix ?? '', /Connectors › Salesforce/);
  });

  it('passes by itself when it is trouble or quota', () => {
    const parked = { ...of, untilMs: 0 };
    assert.equal(tell(new RetryableError('no', { ...of, applied: 'unknown' })).cause, 'temporary');
    assert.equal(tell(new ParkedError('no', { ...parked, reason: 'quota' })).cause, 'temporary');
    assert.equal(tell(new ParkedError('no', { ...parked, reason: 'auth' })).cause, 'permission');
    assert.equal(tell(new RefusedError('no', of)).cause, undefined);
  });
});

describe('a step of the setup plan', () => {
  it('becomes a finding with what to do', () => {
    const step = { what: 'Thing', found: 'x' } as const;
    assert.deepEqual(fromStep('fields', { ...step, state: 'unneeded' }, 'why'), []);
    assert.equal(fromStep('fields', { ...step, state: 'ok' }, 'why')[0]?.level, 'ok');
    const unknown = { ...step, state: 'unknown', advisory: true, byHand: 'look' } as const;
    assert.equal(fromStep('fields', unknown, 'why')[0]?.level, 'warning');
    const missing = { ...step, state: 'missing', action: { kind: 'create_extension' } } as const;
    assert.equal(fromStep('fields', missing, 'why')[0]?.fix, 'run setup --apply');
  });
});
