import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENV, MINIMAL, parse, places, problemsOf } from './fixture.ts';

describe('parseConfig', () => {
  it('fills in every default', () => {
    const config = parse(MINIMAL);
    assert.equal(config.livestorm.baseUrl, 'https://api.livestorm.co/v1');
    assert.equal(config.livestorm.monthlyBudget, 10_000);
    assert.equal(config.pardot.baseUrl, 'https://pi.pardot.com');
    assert.equal(config.pardot.dailyBudget, 25_000);
    assert.equal(config.pardot.concurrency, 2);
    assert.equal(config.salesforce.loginUrl, 'https://login.salesforce.com');
    assert.equal(config.salesforce.instanceUrl, null);
    assert.equal(config.salesforce.apiVersion, '66.0');
    assert.equal(config.salesforce.campaignExternalIdField, 'Livestorm_Session_Id__c');
    assert.equal(config.salesforce.campaignRecordTypeId, null);
    assert.deepEqual(config.flows, {
      formRegistrations: true,
      registrants: true,
      attendance: true,
      replays: true,
      externalActivities: false,
      customFields: true,
    });
    assert.deepEqual(
      [...config.fields.registration],
      [
        ['first_name', 'firstName'],
        ['last_name', 'lastName'],
      ],
    );
    assert.deepEqual(
      [...config.fields.prospect],
      [
        ['firstName', { from: 'first_name', overwrite: 'when_empty' }],
        ['lastName', { from: 'last_name', overwrite: 'when_empty' }],
      ],
    );
    assert.deepEqual([...config.fields.attendance], []);
    assert.deepEqual(config.links, { events: { include: [], exclude: [] }, existing: [] });
    assert.deepEqual(config.lists, { removeUnregistered: false });
    assert.deepEqual(config.polling, {
      formSubmissions: '0 * * * * *',
      sessions: '0 * * * * *',
      registrants: '45 * * * * *',
      campaigns: '30 * * * * *',
      endedSessions: '15 * * * * *',
      replays: '0 17 * * * *',
    });
    assert.deepEqual(config.bulk, { pardotImportFrom: 200, livestormJobs: false });
    assert.deepEqual(config.safety, {
      allowedDomains: [],
      deniedDomains: [],
      backfillLimit: 500,
      burstHold: { submissions: 1000, minutes: 10 },
      changeHold: 500,
      lookbackMinutes: 15,
      recycleBin: 'leave_alone',
    });
    assert.deepEqual(config.logging, { level: 'info' });
  });

  it('takes what is written, brought to its type', () => {
    const config = parse(`${MINIMAL}  api_version: 62.0
flows: { attendance: FALSE, registrants: false, external_activities: true }
fields:
  registration: { company: Company__c }
  attendance: { Attended__c: attended }
links: { events: { include: ["Demo *"] } }
lists: { remove_unregistered: true }
polling: { replays: "*/5 * * * *", registrants: "*/10 * * * * *" }
bulk: { pardot_import_from: 0, livestorm_jobs: true }
safety: { lookback_minutes: 30, denied_domains: [Example.ORG], recycle_bin: create_new }
logging: { level: debug }
`);
    assert.equal(config.salesforce.apiVersion, '62.0');
    assert.equal(config.flows.attendance, false);
    assert.equal(config.flows.registrants, false);
    assert.equal(config.flows.externalActivities, true);
    assert.deepEqual([...config.fields.registration], [['company', 'Company__c']]);
    assert.deepEqual([...config.fields.attendance], [['Attended__c', 'attended']]);
    assert.deepEqual(config.links.events.include, ['Demo *']);
    assert.deepEqual(config.lists, { removeUnregistered: true });
    assert.equal(config.polling.replays, '*/5 * * * *');
    assert.equal(config.polling.registrants, '*/10 * * * * *');
    assert.deepEqual(config.bulk, { pardotImportFrom: 0, livestormJobs: true });
    assert.equal(config.safety.lookbackMinutes, 30);
    assert.deepEqual(config.safety.deniedDomains, ['example.org']);
    assert.equal(config.safety.recycleBin, 'create_new');
    assert.equal(config.logging.level, 'debug');
  });

  it('drops the slash at the end of a base URL', () => {
    const text = MINIMAL.replace('pardot:', 'pardot:\n  base_url: http://127.0.0.1:4102/');
    assert.equal(parse(text).pardot.baseUrl, 'http://127.0.0.1:4102');
  });

  it('builds two configurations that share nothing', () => {
    const first = parse(MINIMAL);
    (first.fields.registration as Map<string, string>).clear();
    (first.fields.prospect as Map<string, unknown>).clear();
    const { registration, prospect } = parse(MINIMAL).fields;
    assert.deepEqual([registration.size, prospect.size], [2, 2]);
  });

  it('keeps numbers with an E as text, and ids with zeros in front', () => {
    const record = '012E00000000123';
    assert.equal(
      parse(`${MINIMAL}  campaign_record_type_id: ${record}\n`).salesforce.campaignRecordTypeId,
      record,
    );
    const text = MINIMAL.replace('client_id: key', 'client_id: 701E00000000123');
    const { auth } = parse(text).salesforce;
    assert.equal(auth.clientId, '701E00000000123');
  });

  it('puts the state folder where it is written, else where systemd says, else into data', () => {
    assert.equal(parse(MINIMAL).stateDir, 'data');
    assert.equal(parse(MINIMAL, { env: envWithState('/var/lib/x:/var/lib/y') }).stateDir, '/var/lib/x');
    const written = `${MINIMAL}state_dir: ../state\n`;
    assert.equal(parse(written, { file: '/etc/app/config.yaml' }).stateDir, '/etc/state');
    assert.equal(parse(written, { env: envWithState('/var/lib/x') }).stateDir, '../state');
  });

  it('reports problems of every kind at once, in the order of the file', () => {
    const problems = problemsOf(() =>
      parse(`livestorm:
  api_token: verysecrettoken
  monthly_budget: many
  api_url: https://x
pardot:
  base_url: http://pi.pardot.com
  business_unit_id: 0Uv1
  concurrency: 9
salesforce:
  client_id: key
  username: nobody
flows:
  attendance: yes
  registrants: on
fields:
  registration:
    company: "x y"
  prospect:
    company:
      from: company
      overwrite: sometimes
  attendance:
    Attended__c: atended
links:
  existing:
    - session: a
      pardot_campaign: 701000000000001AAA
polling:
  sessions: sometimes
safety:
  allowed_domains:
    - example.com
    - "@example.com"
logging: loud
unknown: 1
`),
    );
    assert.deepEqual(places(problems), [
      '2:3 livestorm.api_token',
      '3:3 livestorm.monthly_budget',
      '4:3 livestorm.api_url',
      '6:3 pardot.base_url',
      '7:3 pardot.business_unit_id',
      '8:3 pardot.concurrency',
      '9:1 salesforce.private_key',
      '11:3 salesforce.username',
      '13:3 flows.attendance',
      '14:3 flows.registrants',
      '17:5 fields.registration.company',
      '21:7 fields.prospect.company.overwrite',
      '23:5 fields.attendance.Attended__c',
      '27:7 links.existing[0].pardot_campaign',
      '29:3 polling.sessions',
      '33:7 safety.allowed_domains[1]',
      '34:1 logging',
      '35:1 unknown',
    ]);
    for (const { message, fix } of problems) assert.ok(message !== '' && fix !== '');
  });

  it('reports required keys of an absent section without a place, last', () => {
    const problems = problemsOf(() => parse('logging: { level: loud }'));
    assert.deepEqual(places(problems), [
      '1:12 logging.level',
      '-:- livestorm.api_token',
      '-:- pardot.business_unit_id',
      '-:- salesforce.client_id',
      '-:- salesforce.username',
      '-:- salesforce.private_key',
    ]);
  });

  it('says what was found, what is expected and a fix', () => {
    const [problem] = problemsOf(() => parse(`${MINIMAL}logging: { level: debgu }\n`));
    assert.deepEqual(problem, {
      path: 'logging.level',
      message: "expected one of debug, info, warn, error, found 'debgu'",
      fix: 'did you mean debug?',
      line: 9,
      column: 12,
    });
  });

  it('warns of mapped values that no field receives', () => {
    const { warnings } = parse(`${MINIMAL}fields: { attendance: { Attended__c: attended } }\n`);
    assert.deepEqual(warnings, [
      'flows.replays is on, but fields.attendance names no field for it: nothing is written',
    ]);
    for (const flow of ['custom_fields: false', 'external_activities: true']) {
      assert.deepEqual(parse(`${MINIMAL}flows: { ${flow} }\n`).warnings, []);
    }
  });
});

function envWithState(path: string): Record<string, string> {
  return { ...ENV, STATE_DIRECTORY: path };
}
