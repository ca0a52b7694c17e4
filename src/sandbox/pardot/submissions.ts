import { campaignOf, logError, logNoise, logSuccess, type Target } from './activity-log.ts';
import { Failure } from './failure.ts';
import {
  addProspect,
  byActivity,
  changeProspect,
  preferLive,
  prospectsByEmail,
  sameEmail,
} from './prospects.ts';
import type { AssetKind, Form, Prospect } from './rows.ts';
import type { PardotState, Visitor } from './state.ts';
import { EMAIL } from './values.ts';

export interface SubmissionOptions {
  /** The visitor's tracking cookie; a new one makes the visitor known. */
  readonly cookie?: string | undefined;
}

export type SubmissionResult =
  | {
      readonly accepted: true;
      readonly prospectId: number;
      /** null when throttled. */
      readonly activityId: number | null;
      readonly isNewProspect: boolean;
    }
  | { readonly accepted: false; readonly errors: readonly string[] };

type Filled = Readonly<Record<string, string>>;

/** One submission with everything Pardot does about it. Values go by prospect field name. pardot.md §5. */
export function submit(
  state: PardotState,
  kind: AssetKind,
  id: number,
  values: Filled,
  options: SubmissionOptions,
): SubmissionResult {
  const target = findTarget(state, kind, id);
  const visitor = target.form.isCookieless ? undefined : visitorOf(state, options.cookie);
  logNoise(state, target, visitor);
  const filled = filledIn(target.form, values);
  const errors = problems(target.form, filled);
  const taken = errors.length > 0 ? errors : takeIn(state, target, visitor, filled);
  if (Array.isArray(taken)) {
    logError(state, target, visitor);
    return { accepted: false, errors: taken };
  }
  const prospectId = taken.prospect.id;
  const activity = logSuccess(state, target, prospectId, visitor);
  return { accepted: true, prospectId, activityId: activity?.id ?? null, isNewProspect: taken.isNew };
}

/** The live asset and the form in it; RangeError when there is none. */
export function findTarget(state: PardotState, kind: AssetKind, id: number): Target {
  const tables = { form: state.forms, form_handler: state.formHandlers, landing_page: state.landingPages };
  const asset = tables[kind].get(id);
  if (!asset || asset.isDeleted) throw new RangeError(`no ${kind} ${id}`);
  const form = 'formId' in asset ? state.forms.get(asset.formId) : asset;
  if (!form) throw new RangeError(`landing page ${id} has no form`);
  return { kind, asset, form };
}

function visitorOf(state: PardotState, cookie: string | undefined): Visitor | undefined {
  if (cookie === undefined) return undefined;
  const visitor = state.visitors.get(cookie) ?? { id: state.nextVisitorId(), prospectId: null };
  state.visitors.set(cookie, visitor);
  return visitor;
}

/** Only what the form asks for; a blank leaves the prospect's value alone. */
function filledIn(form: Form, values: Filled): Filled {
  const asked = form.fields.map((field): [string, string] => [field.name, (values[field.name] ?? '').trim()]);
  return Object.fromEntries(asked.filter(([, value]) => value !== ''));
}

function problems(form: Form, filled: Filled): string[] {
  const missing = form.fields.filter((field) => field.required && filled[field.name] === undefined);
  const errors = missing.map((field) => `${field.label} is required`);
  const { email } = filled;
  if (email !== undefined && !EMAIL.test(email)) errors.push('Please enter a valid email address');
  return errors;
}

/** The prospect with the submitted values, or what is wrong with them. */
function takeIn(
  state: PardotState,
  target: Target,
  visitor: Visitor | undefined,
  filled: Filled,
): { prospect: Prospect; isNew: boolean } | string[] {
  const found = findProspect(state, visitor, filled.email);
  const lastActivityAtMs = state.now();
  try {
    const prospect = found
      ? changeProspect(state, found, filled, { isDeleted: false, lastActivityAtMs })
      : addProspect(state, { ...filled, campaignId: campaignOf(state, target.asset) }, { lastActivityAtMs });
    if (visitor) visitor.prospectId = prospect.id;
    return { prospect, isNew: !found };
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    throw error;
  }
}

/** Cookie first, e-mail second; a browser that gives another address is disputed. pardot.md §5.2. */
function findProspect(
  state: PardotState,
  visitor: Visitor | undefined,
  email: string | undefined,
): Prospect | undefined {
  const known = visitor?.prospectId == null ? undefined : state.prospects.get(visitor.prospectId);
  const agrees = email === undefined || (known && sameEmail(state, known.email, email));
  if (known && (agrees || state.switches.cookieWithOtherEmail === 'overwritten')) return known;
  return email === undefined ? undefined : preferLive(prospectsByEmail(state, email).sort(byActivity));
}
