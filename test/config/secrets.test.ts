import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { secretsOf } from '../../src/config/config.ts';
import { renderProblems } from '../../src/config/render.ts';
import { Secret } from '../../src/config/secret.ts';
import { ENV, errorOf, MINIMAL, PRIVATE_KEY, parse, places, problemsOf } from './fixture.ts';

const CANARY = 'canary-5f2c9d';

/** The minimal configuration with another value for the Livestorm token. */
const withToken = (value: string): string => MINIMAL.replace('{ env: TOKEN }', value);

function fail(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code} ${CANARY}`), { code });
  };
}

describe('Secret', () => {
  it('shows itself only when asked', () => {
    const secret = new Secret(CANARY);
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true, depth: null }),
      Object.values(secret).join(),
    ];
    assert.doesNotMatch(shown.join('\n'), /canary/);
    assert.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}');
    assert.equal(secret.reveal(), CANARY);
  });

  it('stays hidden in a printed configuration', () => {
    const config = parse(MINIMAL, { env: { ...ENV, TOKEN: CANARY } });
    assert.doesNotMatch(inspect(config, { depth: null }) + JSON.stringify(config), /canary|PRIVATE KEY/);
  });
});

describe('secretsOf', () => {
  it('lists every secret of the configuration', () => {
    assert.deepEqual(secretsOf(parse(MINIMAL)), [ENV.TOKEN, PRIVATE_KEY.trim()]);
    const [auth, secret] = ['auth: refresh_token', 'client_secret: { env: TOKEN }'];
    const text = MINIMAL.replace('username: u@example.com', auth).replace('private_key', 'refresh_token');
    assert.deepEqual(secretsOf(parse(`${text}  ${secret}\n`, { env: { TOKEN: 'a', KEY: 'b' } })), [
      'a',
      'a',
      'b',
    ]);
  });
});

describe('secrets', () => {
  it('come from the environment, a file beside the configuration, or a systemd credential', () => {
    const read: string[] = [];
    const from = {
      file: '/etc/app/config.yaml',
      credentialsDirectory: '/run/credentials/app',
      readSecretFile: (path: string) => {
        read.push(path);
        return ` ${CANARY}\r\n`;
      },
    };
    assert.equal(parse(MINIMAL).livestorm.apiToken.reveal(), ENV.TOKEN);
    for (const value of ['{ file: ../token }', '{ file: /srv/token }', '{ credential: livestorm-token }']) {
      assert.equal(parse(withToken(value), from).livestorm.apiToken.reveal(), CANARY);
    }
    assert.deepEqual(read, ['/etc/token', '/srv/token', '/run/credentials/app/livestorm-token']);
  });

  it('loses a pasted "Bearer", with a warning', () => {
    const config = parse(MINIMAL, { env: { ...ENV, TOKEN: `bearer  ${CANARY}\n` } });
    assert.equal(config.livestorm.apiToken.reveal(), CANARY);
    assert.match(config.warnings.join('\n'), /^livestorm.api_token: .*Bearer/m);
    assert.doesNotMatch(config.warnings.join(), /canary/);
  });

  it('keeps a token that only begins with the letters', () => {
    const config = parse(MINIMAL, { env: { ...ENV, TOKEN: 'Bearertoken' } });
    assert.equal(config.livestorm.apiToken.reveal(), 'Bearertoken');
  });

  const REFUSED: readonly (readonly [value: string, says: RegExp])[] = [
    [CANARY, /may not be written into this file/],
    [`"${CANARY}"`, /may not be written into this file/],
    [`|\n    ${CANARY}\n    ${CANARY}`, /may not be written into this file/],
    [`[${CANARY}]`, /exactly one of/],
    [`{ ${CANARY} }`, /exactly one of/],
    [`{ value: ${CANARY} }`, /exactly one of/],
    [`{ file: a, env: ${CANARY} }`, /exactly one of/],
    ['{}', /exactly one of/],
    ['{ constructor: { a: b } }', /exactly one of/],
    [`{ env: "${CANARY}" }`, /not the name of a secret's env/],
    ['{ env: [TOKEN] }', /not the name/],
    ['{ env: }', /not the name/],
    ['{ file: "" }', /not the name/],
    [`{ file: "-----BEGIN ${CANARY}" }`, /not the name/],
    [`{ file: "${CANARY}\\nx" }`, /not the name/],
    ['{ credential: ../../etc/shadow }', /not the name/],
    ['{ credential: .. }', /not the name/],
    ['{ credential: livestorm-token }', /CREDENTIALS_DIRECTORY is not set/],
    [`{ env: ${CANARY.replace('-', '_')} }`, /variable is not set/],
    [`{ file: ${CANARY} }`, /file does not exist/],
  ];
  for (const [value, says] of REFUSED) {
    it(`are refused as ${JSON.stringify(value)}, without repeating it`, () => {
      const error = errorOf(() => parse(withToken(value)));
      assert.match(error.problems[0]?.message ?? '', says);
      assert.equal(error.problems[0]?.line, 2);
      assert.doesNotMatch(renderProblems(error) + JSON.stringify(error.problems), /canary/i);
    });
  }

  it('are refused when their file cannot be read, with the reason', () => {
    const reasons = {
      EACCES: /may not be read/,
      EISDIR: /is a folder/,
      EFBIG: /too large/,
      EIO: /cannot be read/,
    };
    for (const [code, says] of Object.entries(reasons)) {
      const error = errorOf(() => parse(withToken('{ file: x }'), { readSecretFile: fail(code) }));
      assert.match(error.problems[0]?.message ?? '', says);
      assert.doesNotMatch(renderProblems(error), /canary/);
    }
  });

  it('that are credentials and are not there belong into a file beside the configuration', () => {
    const from = { credentialsDirectory: '/run/credentials/app', readSecretFile: fail('ENOENT') };
    for (const places of [{}, from]) {
      const error = errorOf(() => parse(withToken('{ credential: livestorm-token }'), places));
      assert.match(error.problems[0]?.fix ?? '', /^put it into a file of this name beside the configuration/);
    }
    const file = errorOf(() => parse(withToken('{ file: x }'), { readSecretFile: fail('ENOENT') }));
    assert.match(file.problems[0]?.fix ?? '', /^check the path/);
  });

  it('are refused when empty, in several lines or not ASCII', () => {
    const values = {
      '': /empty/,
      ' \n': /empty/,
      'Bearer ': /empty/,
      'a\nb': /line breaks/,
      'a b': /spaces/,
      ä: /ASCII/,
    };
    for (const [TOKEN, says] of Object.entries(values)) {
      const problems = problemsOf(() => parse(MINIMAL, { env: { ...ENV, TOKEN } }));
      assert.deepEqual(places(problems), ['2:3 livestorm.api_token']);
      assert.match(problems[0]?.message ?? '', says);
    }
  });

  it('must be an RSA key where one is needed', () => {
    const ec = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const keys = {
      [ec.privateKey]: /not an RSA key/,
      [ec.publicKey]: /not a private key/,
      [CANARY]: /not a private key/,
    };
    for (const [KEY, says] of Object.entries(keys)) {
      const error = errorOf(() => parse(MINIMAL, { env: { ...ENV, KEY } }));
      assert.deepEqual(places(error.problems), ['8:3 salesforce.private_key']);
      assert.match(error.problems[0]?.message ?? '', says);
      assert.doesNotMatch(renderProblems(error), /canary|KEY--/);
    }
    assert.ok(parse(MINIMAL, { env: { ...ENV, KEY: `${PRIVATE_KEY}\n\n` } }));
  });
});
