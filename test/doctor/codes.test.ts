import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AUTH_HINTS } from '../../src/clients/pardot-answers.ts';
import { HINTS as REST_HINTS } from '../../src/clients/salesforce-errors.ts';
import { HINTS as GRANT_HINTS } from '../../src/clients/salesforce-grant-errors.ts';
import { LIVESTORM_CODES } from '../../src/doctor/codes/livestorm.ts';
import { NETWORK_CODES } from '../../src/doctor/codes/network.ts';
import { PARDOT_CODES } from '../../src/doctor/codes/pardot.ts';
import { SALESFORCE_CODES } from '../../src/doctor/codes/salesforce.ts';
import { codeOf, explainCode, explainOutcome } from '../../src/doctor/codes.ts';

describe('codes', () => {
  it('each have a meaning and a fix', () => {
    for (const table of [LIVESTORM_CODES, NETWORK_CODES, PARDOT_CODES, SALESFORCE_CODES]) {
      for (const [code, [meaning, fix]] of Object.entries(table)) {
        assert.ok(meaning.length > 10 && fix.length > 10, code);
      }
    }
  });

  it('cover every code that a client has a hint for', () => {
    for (const code of AUTH_HINTS.keys()) {
      // 401 is a status there, not a code.
      if (code !== 401) assert.ok(Object.hasOwn(PARDOT_CODES, code), String(code));
    }
    for (const code of [...Object.keys(REST_HINTS), ...Object.keys(GRANT_HINTS)]) {
      // Texts that come beside a code.
      if (!code.includes(' ')) assert.ok(Object.hasOwn(SALESFORCE_CODES, code), code);
    }
  });

  it('are found in any letter case, with every meaning they have', () => {
    assert.deepEqual(
      explainCode('109').map(({ from }) => from),
      ['pardot'],
    );
    assert.deepEqual(
      explainCode(' Request_Limit_Exceeded ').map(({ from }) => from),
      ['salesforce'],
    );
    assert.deepEqual(
      explainCode('enotfound').map(({ from }) => from),
      ['network'],
    );
    assert.deepEqual(explainCode('toString'), []);
  });

  it('are those of the vendor that sent them, or of the network', () => {
    assert.equal(codeOf('pardot', 201)?.from, 'pardot');
    assert.equal(codeOf('livestorm', 201), null);
    assert.equal(codeOf('livestorm', 'ECONNREFUSED')?.from, 'network');
    assert.equal(codeOf('livestorm', undefined), null);
  });

  it('tell outcomes, too', () => {
    assert.match(explainOutcome('team_member') ?? '', /team member/);
    assert.equal(explainOutcome('toString'), null);
  });
});
