import { BY_ITSELF, type CodeTable } from './code.ts';

/** Livestorm has HTTP statuses only (livestorm.md §2.4, §3). */
export const LIVESTORM_CODES: CodeTable = {
  400: [
    'the request is malformed, or asks for a page that does not exist',
    'a list that shrinks while it is read may do this and is read again; if it stays, report it',
  ],
  401: [
    'the API token is missing, wrong or revoked; possibly it lacks a scope',
    'create a private API token with the scope Events: write and put it where livestorm.api_token points to',
  ],
  402: [
    "the active-contacts allowance of the plan's month is used up; nobody new can be registered",
    'upgrade the plan or wait for its next month; registrations wait as quota_parked and go on by themselves',
  ],
  403: [
    'the API token lacks a scope, or the workspace is blocked or not validated',
    'give the token the scope Events: write; ask Livestorm about the workspace',
  ],
  404: [
    'the session, event or person does not exist any more',
    'nothing to do where it was deleted on purpose',
  ],
  409: ['this person is registered in this session already', 'nothing to do: it counts as success'],
  422: [
    'refused by a rule: the session is over or not published, the address is invalid, or the event has no such field',
    'the outcome of the person names which; fields.registration must name fields of the event',
  ],
  429: [
    'too many calls: 5 in a second, or the 10,000 of 30 days, by all integrations of the workspace',
    `${BY_ITSELF}; if the month is used up, lower what other integrations spend`,
  ],
};
