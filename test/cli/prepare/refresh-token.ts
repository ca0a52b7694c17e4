import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';

/** Has a configuration that was written for a sandbox log in with its refresh token instead of a key pair. */
export function logInByRefreshToken(on: {
  readonly sandbox: Sandbox;
  readonly dir: string;
  readonly edit: (change: (yaml: string) => string) => void;
}): void {
  const { clientSecret, refreshToken } = on.sandbox.credentials.salesforce;
  writeFileSync(join(on.dir, 'secret'), clientSecret, { mode: 0o600 });
  writeFileSync(join(on.dir, 'refresh'), refreshToken, { mode: 0o600 });
  on.edit((yaml) =>
    yaml
      .replace('auth: jwt', 'auth: refresh_token')
      .replace(/ {2}username:.*\n/, '')
      .replace(
        / {2}private_key:.*\n/,
        '  client_secret: { file: secret }\n  refresh_token: { file: refresh }\n',
      ),
  );
}
