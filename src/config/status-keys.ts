import { key, section, wholeNumber } from './key.ts';
import type { SecretReference } from './secret-reference.ts';

export const status = section(
  'The status page with health and metrics, and who is told when something is wrong.',
  {
    listen: key<string>({
      doc:
        'Where the status page, `/healthz`, `/readyz` and `/metrics` are: an address of this machine with a port, or ' +
        'the path of a unix socket. Nothing else is accepted; let a tunnel (`ssh -L`) or a proxy with a login of its ' +
        'own carry it further. One instance each needs a port of its own.',
      format: 'listen',
      default: null,
      otherwise: 'no page',
      example: '127.0.0.1:9464',
    }),
    token: key<SecretReference>({
      doc:
        'Opens what is about people: the search by address. At least 20 characters. Without it the page shows numbers ' +
        'alone.',
      format: 'secret',
      default: null,
      example: '{ credential: status-token }',
      limits: { secret: 'access_token' },
    }),
    heartbeat_url: key<SecretReference>({
      doc:
        'Called (GET) at most once a minute, and only after every job has done its work since the last call: whoever ' +
        'misses it may sound an alarm. A secret, since whoever knows it can call it; https, or http to this machine.',
      format: 'secret',
      default: null,
      example: '{ credential: heartbeat-url }',
      limits: { secret: 'url' },
    }),
    alert_url: key<SecretReference>({
      doc:
        'Gets a message (POST, JSON with the member `text`, as chat tools take it) when something needs attention, and ' +
        'one when it is over: a flow lags, people failed, credentials are refused, calls run out, people are held, a job ' +
        'does not go on. Without addresses or names of people. A secret; https, or http to this machine.',
      format: 'secret',
      default: null,
      example: '{ credential: alert-url }',
      limits: { secret: 'url' },
    }),
    alert_lag_minutes: wholeNumber(
      'A flow lags when work that is due has not been done for so many minutes. `/readyz` says so, too.',
      { default: 15, min: 2, max: 1440 },
    ),
    alert_failures: wholeNumber('So many failures that wait for an admin are worth a message.', {
      default: 1,
      min: 1,
      max: 1_000_000,
    }),
  },
);
