import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkConfigCommand } from '../../../src/cli/prepare/check-config.ts';
import { SCHEMA } from '../../../src/config/schema.ts';
import { ENV, MINIMAL } from '../../config/fixture.ts';

describe('check-config', () => {
  let dir = '';
  let file = '';
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'check-config-'));
    file = join(dir, 'config.yaml');
  });
  after(() => rm(dir, { recursive: true }));

  async function check(text: string, json = false) {
    await writeFile(file, text);
    let out = '';
    let err = '';
    const code = await checkConfigCommand({
      file,
      env: ENV,
      json,
      write: (chunk) => {
        out += chunk;
      },
      writeError: (chunk) => {
        err += chunk;
      },
    });
    assert.deepEqual(await readdir(dir), ['config.yaml']);
    assert.doesNotMatch(out + err, /livestorm-token-value|PRIVATE KEY/);
    return { code, out, err };
  }

  it('sums up a usable configuration', async () => {
    const { code, out, err } = await check(`${MINIMAL}fields:
  prospect: { Size__c: { from: size, overwrite: always }, company: company }
  attendance: { Attended__c: attended }
`);
    assert.equal(code, 0);
    assert.equal(err, '');
    assert.equal(
      out,
      `${file}: ok
  flows on:            form_registrations, registrants, attendance, replays, custom_fields
  registration fields: first_name ← firstName, last_name ← lastName
  prospect fields:     Size__c ← size (always), company ← company (when empty)
  attendance fields:   Attended__c ← attended
  warning: flows.replays is on, but fields.attendance names no field for it: nothing is written
`,
    );
  });

  it('sums it up as JSON', async () => {
    const { code, out } = await check(
      `${MINIMAL}flows: { replays: false, attendance: false, registrants: false }\n`,
      true,
    );
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), {
      ok: true,
      file,
      flows: ['form_registrations', 'custom_fields'],
      registration_fields: { first_name: 'firstName', last_name: 'lastName' },
      prospect_fields: {
        firstName: { from: 'first_name', overwrite: 'when_empty' },
        lastName: { from: 'last_name', overwrite: 'when_empty' },
      },
      attendance_fields: {},
      warnings: [],
    });
  });

  it('lists all problems and exits with 78', async () => {
    const { code, out, err } = await check(`${MINIMAL}flows: { replays: 1 }\nfoo: bar\n`);
    assert.equal(code, 78);
    assert.equal(out, '');
    assert.deepEqual(
      err.split('\n').map((line) => line.replace(`${file}:`, '')),
      [
        "9:10  flows.replays: expected true or false, found '1' — write true or false",
        `10:1  foo: unknown key — remove it; known at the top: ${Object.keys(SCHEMA).join(', ')}`,
        ' 2 problems',
        '',
      ],
    );
  });

  it('lists them as JSON', async () => {
    const { code, out, err } = await check('livestorm: { api_token: livestorm-token-value }\n', true);
    const answer = JSON.parse(out) as {
      ok: boolean;
      error: { class: string; problems: { path: string; line?: number }[] };
    };
    assert.equal(code, 78);
    assert.equal(err, '');
    assert.equal(answer.ok, false);
    assert.equal(answer.error.class, 'ConfigError');
    const { problems } = answer.error;
    assert.deepEqual(problems[0]?.path, 'livestorm.api_token');
    assert.equal(problems[0]?.line, 1);
    assert.equal(problems.length, 5);
  });

  it('passes on what is not a problem of the configuration', async () => {
    const broken = (): never => {
      throw new Error('stdout is gone');
    };
    await writeFile(file, MINIMAL);
    await assert.rejects(
      checkConfigCommand({ file, env: ENV, json: false, write: broken, writeError: broken }),
      /stdout is gone/,
    );
  });
});
