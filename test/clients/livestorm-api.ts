import nock from 'nock';
import type { LivestormOptions } from '../../src/clients/livestorm-wire.ts';
import type { Governor } from '../../src/governor/governor.ts';
import { wireParts } from '../support/strict-nock.ts';

export const HOST = 'https://api.livestorm.test';
export const NOW = Date.parse('2026-03-02T08:00:00Z');
export const SESSION = '0b8c6f5e-1111-4222-8333-444455556666';
export const PEOPLE = `/v1/sessions/${SESSION}/people`;

/** What a client is made from; its clock stands at `NOW`. */
export function livestormOptions(governor: Governor): LivestormOptions {
  return { http: wireParts(NOW), baseUrl: `${HOST}/v1/`, token: () => 'raw-token', governor };
}

/** Everything must carry the raw token and the media type. */
export function api(): nock.Scope {
  return nock(HOST, { reqheaders: { authorization: 'raw-token', accept: 'application/vnd.api+json' } });
}

/** Of one page of a list. */
export function meta(number: number, pages: number, records: number): Record<string, unknown> {
  return {
    current_page: number,
    previous_page: number > 0 ? number - 1 : null,
    next_page: number + 1 < pages ? number + 1 : null,
    record_count: records,
    page_count: pages,
    items_per_page: 50,
  };
}

export function personRow(
  id: string,
  attributes: Record<string, unknown> = {},
  detail: Record<string, unknown> | null = {},
): object {
  return {
    id,
    type: 'people',
    attributes: {
      role: 'participant',
      created_at: 1700000000,
      first_name: 'Ada',
      last_name: 'Example',
      email: `${id}@example.org`,
      registrant_detail: detail && {
        created_at: 1738594704,
        updated_at: 1738594704,
        fields: [{ id: 'email', type: 'text', value: `${id}@example.org`, required: null }],
        attended: false,
        attendance_rate: null,
        attendance_duration: 0,
        has_viewed_replay: false,
        is_guest_speaker: false,
        ...detail,
      },
      messages_count: 0,
      questions_count: 0,
      replay_view_detail: null,
      ...attributes,
    },
  };
}

export function onePage(rows: unknown[]): object {
  return { data: rows, meta: meta(0, 1, rows.length) };
}

export function refusal(status: number, detail: string): object {
  return { errors: [{ title: 'Refused', detail, code: String(status), status: 'refused' }] };
}
