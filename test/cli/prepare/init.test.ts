import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parse as readYaml } from 'yaml';
import { runCommandLine } from '../../../src/cli/commands.ts';
import { configJsonSchema } from '../../../src/config/json-schema.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { PRIVATE_KEY } from '../../config/fixture.ts';
import { accepts } from '../../support/json-schema.ts';

const ALWAYS = { 'business-unit': '0Uv000000000000AAA', 'client-id': '3MVG9.key' };
const JWT = { ...ALWAYS, username: 'integration@example.com' };

/** A folder, and `init` in it: with options, and on a terminal with the lines that are typed. */
function stage(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-init-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'config.yaml');
  const init = async (options: Readonly<Record<string, string | true>>, typed?: (string | null)[]) => {
    let out = '';
    let error = '';
    const asked: string[] = [];
    const readLine = async (prompt: string) => {
      asked.push(prompt);
      return typed?.shift() ?? null;
    };
    const flags = Object.entries(options).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : [`--${name}`, value],
    );
    const code = await runCommandLine(['init', '--config', file, ...flags], {
      write: (text) => {
        out += text;
      },
      writeError: (text) => {
        error += text;
      },
      env: {},
      logs: { write: () => {} },
      onSignal: () => {},
      ...(typed ? { readLine } : {}),
    });
    return { code, out, error, asked };
  };
  const put = (name: string, secret: string) => writeFileSync(join(dir, name), secret, { mode: 0o600 });
  const config = () => loadConfig(file, { CREDENTIALS_DIRECTORY: dir });
  return { dir, file, init, put, config, text: () => readFileSync(file, 'utf8') };
}

describe('init', () => {
  const VARIANTS: [string, Record<string, string>, string[]][] = [
    ['jwt', JWT, ['livestorm-token', 'salesforce-private-key']],
    [
      'client_credentials',
      { ...ALWAYS, 'my-domain': 'https://acme.my.salesforce.com' },
      ['livestorm-token', 'salesforce-client-secret'],
    ],
    ['refresh_token', ALWAYS, ['livestorm-token', 'salesforce-refresh-token']],
  ];
  for (const [auth, options, secrets] of VARIANTS) {
    for (const place of ['credential', 'file']) {
      it(`writes a file for ${auth} that is right once the secrets are there (${place})`, async (t) => {
        const { init, put, config, text, file } = stage(t);
        const { code, error } = await init({ ...options, auth, secrets: place });
        assert.equal(code, 0, error);
        await assert.rejects(config(), /2 problems/);
        for (const name of secrets) put(name, name.includes('key') ? PRIVATE_KEY : 'secret-value');
        const made = await config();
        assert.equal(made.salesforce.auth.kind, auth);
        assert.deepEqual(made.warnings, []);
        assert.ok(accepts(configJsonSchema(), readYaml(text()) as unknown));
        assert.equal(statSync(file).mode & 0o077, 0o044, 'no secret in it');
      });
    }
  }

  it('takes secrets from the environment', async (t) => {
    const { init, file } = stage(t);
    await init({ ...JWT, secrets: 'env' });
    const env = { LIVESTORM_API_TOKEN: 'token', SALESFORCE_PRIVATE_KEY: PRIVATE_KEY };
    assert.equal((await loadConfig(file, env)).livestorm.apiToken.reveal(), 'token');
  });

  it('knows the addresses of each kind of org, and takes others', async (t) => {
    const { init, text } = stage(t);
    const urlsOf = async (options: Record<string, string>) => {
      await init({ ...JWT, force: true, ...options });
      const { salesforce, pardot } = readYaml(text()) as Record<string, Record<string, string>>;
      return [salesforce?.login_url, pardot?.base_url];
    };
    const [login, test] = ['https://login.salesforce.com', 'https://test.salesforce.com'];
    assert.deepEqual(await urlsOf({}), [login, 'https://pi.pardot.com']);
    assert.deepEqual(await urlsOf({ org: 'sandbox' }), [test, 'https://pi.demo.pardot.com']);
    assert.deepEqual(await urlsOf({ org: 'developer' }), [login, 'https://pi.demo.pardot.com']);
    const local = { 'login-url': 'http://127.0.0.1:4103', 'pardot-url': 'http://127.0.0.1:4102' };
    assert.deepEqual(await urlsOf(local), ['http://127.0.0.1:4103', 'http://127.0.0.1:4102']);
  });

  it('leaves attendance alone where there is no place to write it to', async (t) => {
    const { init, text } = stage(t);
    await init({ ...JWT, 'custom-fields': 'no' });
    const { flows } = readYaml(text()) as { flows: Record<string, boolean> };
    assert.deepEqual(
      [flows.attendance, flows.replays, flows.custom_fields, flows.external_activities],
      [false, false, false, false],
    );
    await init({ ...JWT, 'custom-fields': 'no', 'external-activities': 'yes', force: true });
    assert.match(text(), /^ {2}attendance: true$/m);
  });

  it('never overwrites without --force', async (t) => {
    const { init, file, text } = stage(t);
    writeFileSync(file, 'mine\n');
    const refused = await init(JWT);
    assert.equal(refused.code, 78);
    assert.match(refused.error, /exists — name another file with --config, or add --force/);
    assert.equal(text(), 'mine\n');
    assert.equal((await init({ ...JWT, force: true })).code, 0);
    assert.notEqual(text(), 'mine\n');
  });

  it('says what to create where, in text and as JSON', async (t) => {
    const { dir, init } = stage(t);
    const { out } = await init(JWT);
    for (const word of ['Events: write', 'External Client App', 'pardot_api', 'Marketing User', 'openssl']) {
      assert.ok(out.includes(word), word);
    }
    assert.ok(out.includes(`livestorm.api_token: ${dir}/livestorm-token, mode 0600`));
    const json = JSON.parse((await init({ ...JWT, force: true, json: true })).out) as {
      secrets: { path: string; source: string; name: string }[];
      steps: { title: string; lines: string[] }[];
    };
    assert.deepEqual(json.secrets[0], {
      path: 'livestorm.api_token',
      source: 'credential',
      name: 'livestorm-token',
    });
    assert.equal(json.steps.length, 6);
  });

  it('says everything that is missing or wrong, and writes nothing', async (t) => {
    const { init, file } = stage(t);
    const missing = await init({ yes: true });
    assert.equal(missing.code, 2);
    assert.match(missing.error, /--business-unit is missing[\s\S]*--client-id is missing[\s\S]*--username/);
    const wrong = await init({ ...JWT, auth: 'password', 'business-unit': '123', 'login-url': 'ftp://x' });
    assert.equal(wrong.code, 2);
    assert.match(wrong.error, /--business-unit: expected a business unit id/);
    assert.match(wrong.error, /--auth: expected one of jwt/);
    assert.match(wrong.error, /--login-url: this is not an https URL/);
    assert.ok(!existsSync(file));
  });

  it('asks on a terminal, again after a wrong answer, and not for what is given', async (t) => {
    const { init, text } = stage(t);
    const typed = ['', 'nonsense', '0Uv000000000000AAA', '', 'integration@example.com', 'file', '', ''];
    const { code, asked, error } = await init({ 'client-id': 'key' }, typed);
    assert.equal(code, 0, error);
    assert.equal(asked.length, 8);
    assert.match(asked[0] ?? '', /production, sandbox, developer; default: production/);
    assert.match(error, /expected a business unit id/);
    assert.match(text(), /client_id: key\n/);
    assert.match(text(), /api_token: \{ file: livestorm-token \}/);
  });

  it('writes nothing when the terminal is closed before the last answer', async (t) => {
    const { init, file } = stage(t);
    const { code } = await init({}, ['production', null]);
    assert.equal(code, 1);
    assert.ok(!existsSync(file));
    assert.equal((await init({ yes: true, ...JWT }, [])).code, 0, 'with --yes nobody is asked');
  });
});
