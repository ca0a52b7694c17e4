import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINIMAL, parse, places, problemsOf } from './fixture.ts';

/** The entries stand in line 11, from column 5. */
const withProspect = (entries: string): string => `${MINIMAL}fields:\n  prospect:\n    ${entries}\n`;
const found = (text: string) =>
  problemsOf(() => parse(text)).map(({ path, line, column, message, fix }) => [
    `${line}:${column} ${path}`,
    message,
    fix,
  ]);

describe('fields.prospect', () => {
  it('takes the short form, the long form, and the long form without a policy', () => {
    const text = withProspect(
      'company: company\n    Size__c: { from: company-size, overwrite: always }\n    jobTitle: { from: job_title }\n' +
        '    industry: { from: industry, overwrite: never }',
    );
    assert.deepEqual(
      [...parse(text).fields.prospect],
      [
        ['company', { from: 'company', overwrite: 'when_empty' }],
        ['Size__c', { from: 'company-size', overwrite: 'always' }],
        ['jobTitle', { from: 'job_title', overwrite: 'when_empty' }],
        ['industry', { from: 'industry', overwrite: 'never' }],
      ],
    );
  });

  it('may be empty', () => {
    assert.equal(parse(`${MINIMAL}fields: { prospect: {} }\n`).fields.prospect.size, 0);
  });

  it('takes long ids, as Livestorm makes them from labels', () => {
    const from = `${'how-did-you-hear-of-us-'.repeat(6)}été`;
    assert.equal(parse(withProspect(`Source__c: ${from}`)).fields.prospect.get('Source__c')?.from, from);
  });

  it('refuses the fields that are not for a form to write, in any case', () => {
    for (const name of [
      'id',
      'Email',
      'campaignId',
      'salesforceId',
      'assignedTo',
      'assignedToId',
      'assignedToUserName',
      'userId',
      'optedOut',
    ]) {
      const [problem, ...more] = problemsOf(() => parse(withProspect(`${name}: answer`)));
      assert.equal(problem?.path, `fields.prospect.${name}`);
      assert.equal(problem.message, 'this prospect field may not be overwritten');
      assert.deepEqual(more, []);
    }
    assert.equal(parse(withProspect('assignedToRegion__c: region')).fields.prospect.size, 1);
  });

  it('says what is wrong inside the long form, and where', () => {
    assert.deepEqual(found(withProspect('company: { from: company, overwrite: allways }')), [
      [
        '11:31 fields.prospect.company.overwrite',
        "expected one of always, when_empty, never, found 'allways'",
        'did you mean always?',
      ],
    ]);
    assert.deepEqual(found(withProspect('company: { form: company, policy: never }')), [
      [
        '11:5 fields.prospect.company',
        'from is missing',
        'add the id of a Livestorm field, like from: company',
      ],
      ['11:16 fields.prospect.company.form', 'unknown key', 'did you mean from?'],
      ['11:31 fields.prospect.company.policy', 'unknown key', 'remove it; known here: from, overwrite'],
    ]);
  });

  it('refuses what is no field, and what is no map', () => {
    const cases: Record<string, string> = {
      '"job title": job': '11:5 fields.prospect.job title',
      'a.b: company': '11:5 fields.prospect.a.b',
      'company: [company]': '11:5 fields.prospect.company',
      'company: ""': '11:5 fields.prospect.company',
      'company:': '11:5 fields.prospect.company',
      'company: {}': '11:5 fields.prospect.company',
      'company: { from: { a: b } }': '11:16 fields.prospect.company.from',
      'company: { from: "\\u0000" }': '11:16 fields.prospect.company.from',
      'company: { from: a, overwrite: }': '11:25 fields.prospect.company.overwrite',
      'company: { from: a, overwrite: [never] }': '11:25 fields.prospect.company.overwrite',
      '- company': '10:3 fields.prospect',
    };
    for (const [entries, at] of Object.entries(cases)) {
      assert.deepEqual(places(problemsOf(() => parse(withProspect(entries)))), [at]);
    }
    assert.deepEqual(places(problemsOf(() => parse(`${MINIMAL}fields: { prospect: company }\n`))), [
      '9:11 fields.prospect',
    ]);
  });

  it('may not share a field with fields.attendance, whatever the case, also by default', () => {
    const both = `${MINIMAL}fields:\n  prospect: { Score__c: score }\n  attendance: { score__C: attended }\n`;
    const [problem, ...more] = problemsOf(() => parse(both));
    assert.deepEqual(problem, {
      path: 'fields.attendance.score__C',
      message: 'this prospect field is in fields.prospect, too',
      fix: 'write attendance into another field, or write fields.prospect without this one',
      line: 11,
      column: 17,
    });
    assert.deepEqual(more, []);
    const byDefault = problemsOf(() => parse(`${MINIMAL}fields: { attendance: { lastName: attended } }\n`));
    assert.deepEqual(places(byDefault), ['9:25 fields.attendance.lastName']);
  });
});

describe('fields.attendance', () => {
  it('refuses the same fields as fields.prospect', () => {
    const problems = problemsOf(() =>
      parse(`${MINIMAL}fields: { attendance: { optedOut: attended, ID: duration_seconds } }\n`),
    );
    assert.deepEqual(places(problems), ['9:25 fields.attendance.optedOut', '9:45 fields.attendance.ID']);
  });

  it('says which value was meant', () => {
    assert.deepEqual(found(`${MINIMAL}fields: { attendance: { A__c: atended, B__c: xyz } }\n`), [
      [
        '9:25 fields.attendance.A__c',
        "expected an attendance value, found 'atended'",
        'did you mean attended?',
      ],
      [
        '9:40 fields.attendance.B__c',
        "expected an attendance value, found 'xyz'",
        'use one of attended, duration_seconds, attendance_rate, messages, questions, session_name, ' +
          'session_started_at, session_id, replay_watched, replay_watched_at, replay_session_name',
      ],
    ]);
  });
});
