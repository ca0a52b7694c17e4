import { AUTH_HINTS } from '../../clients/pardot-answers.ts';
import { BY_ITSELF, type CodeTable } from './code.ts';

const hint = (code: number): string => AUTH_HINTS.get(code) ?? '';

/** Those that a connector like this one meets (pardot.md §1.4, §9, §10). */
export const PARDOT_CODES: CodeTable = {
  1: ['the API or user key is invalid', hint(1)],
  4: [
    'the e-mail address is invalid or longer than 255 characters',
    'correct the address where it comes from',
  ],
  9: ['a prospect with this address exists already', 'nothing to do: it is updated instead'],
  13: ['a required parameter is missing', 'this is a bug of the connector: report it'],
  15: ['the login failed', hint(15)],
  38: ['the campaign does not exist', 'see whether it was deleted; links shows what each campaign leads to'],
  46: ['the API user lacks the permission for this operation', hint(46)],
  49: ['access denied: no token came along, or the business unit id or the host is wrong', hint(49)],
  51: ['an object or parameter type is invalid', 'setup shows whether extension and activity types exist'],
  53: ['the IP address of this machine is not activated for the API user', hint(53)],
  58: ['the prospect is on this list already', 'nothing to do: it counts as success'],
  60: ['the operation is not allowed for this object, or not for this user', hint(46)],
  62: ['somebody changed the prospect at the same time', BY_ITSELF],
  66: [
    'more than 5 calls at the same time, by all integrations together',
    `${BY_ITSELF}; lower pardot.concurrency if it is frequent`,
  ],
  76: ['API access is switched off', hint(76)],
  85: ['the prospect could not be saved', 'see its sync errors in Account Engagement'],
  92: ['there is no such prospect', 'nothing to do where it was deleted or merged'],
  108: ['the record is in use and cannot be changed so', 'see what uses it in Account Engagement'],
  109: [
    'the record does not exist, or is in the recycle bin',
    'nothing to do where it was deleted on purpose',
  ],
  118: ['the account works at another host', hint(118)],
  122: [
    "the day's API calls of the business unit are used up, by all integrations; or the edition has no API",
    'work goes on after midnight in the zone of the account; see pardot.daily_budget and what else calls',
  ],
  126: ['this way to authenticate is not accepted', hint(126)],
  128: [
    'Connected Campaigns does not allow this',
    'campaigns are created in Salesforce: see that the connector is not paused',
  ],
  131: ['the API user is locked', hint(131)],
  154: ['a property has an invalid value', 'setup shows whether fields, extension and activity types fit'],
  180: [
    'a field does not exist, or the API user may not see it',
    'setup names the field; correct its name in fields',
  ],
  181: ['the header with the business unit id is missing', hint(181)],
  182: ['the business unit id is malformed', hint(182)],
  183: ['an internal error of Account Engagement', BY_ITSELF],
  184: ['the access token is invalid, expired, or its user is not in this business unit', hint(184)],
  199: ['logging in with an API key has been withdrawn', hint(199)],
  201: ['the business unit was not found or is inactive: a wrong id, or the wrong host for it', hint(201)],
  202: ['the query took too long', `${BY_ITSELF}, in smaller portions`],
  203: ['the business unit has no administrator', hint(203)],
  209: ['more than 3 filters in one query', 'this is a bug of the connector: report it'],
  210: ['the list was being read for more than 4 hours', BY_ITSELF],
  211: ['the place in the list is unknown', BY_ITSELF],
  214: ['the query took too long', `${BY_ITSELF}, in smaller portions`],
  218: [
    'Connected Campaigns is not enabled',
    'enable it in Account Engagement Settings › Connectors › Salesforce › Campaigns',
  ],
  219: ['the prospect is in the recycle bin', 'nothing to do: deleted people are never revived'],
  245: ['the name is in use', 'nothing to do: the one that exists is taken'],
};
