import { DAY } from '../clock.ts';
import { type EventField, emailKey, type FieldValue, type Outcome } from '../domain.ts';
import type { NewRegistration } from '../store/registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { KnownSubmission } from '../store/submissions.ts';

export interface RegistrationRules {
  /** Livestorm field id → Pardot field. */
  readonly fields: ReadonlyMap<string, string>;
  /** Lower-case domains; empty: all. */
  readonly allowedDomains: readonly string[];
  readonly deniedDomains: readonly string[];
}

export interface LinkedSession {
  readonly session: KnownSession;
  /** Submissions made earlier are none of its: an existing campaign has a past of its own. */
  readonly takesFromMs: number;
}

export type Decision =
  | { readonly kind: 'register'; readonly registration: NewRegistration; readonly disagrees: boolean }
  | { readonly kind: 'end'; readonly outcome: Outcome }
  | { readonly kind: 'wait' };

/** How long Pardot may take to say whose submission it was. */
const PROSPECT_PATIENCE = 2 * DAY;

/**
 * What becomes of one submission. Routed by campaign ids alone: never by the prospect's own campaign, never by
 * names. `sessionOf` answers which session a Pardot campaign is linked to.
 */
export function decide(
  submission: KnownSubmission,
  sessionOf: (campaignId: number) => LinkedSession | undefined,
  rules: RegistrationRules,
  nowMs: number,
): Decision {
  const end = (outcome: Outcome): Decision => ({ kind: 'end', outcome });
  if (submission.prospectId === null) {
    return nowMs - submission.createdAtMs < PROSPECT_PATIENCE ? { kind: 'wait' } : end('prospect_missing');
  }
  const linked = route(submission, sessionOf);
  if (!linked) return end('campaign_unlinked');
  if (submission.createdAtMs < linked.takesFromMs) return end('before_link');
  const { session } = linked;
  if (submission.prospectDeleted) return end('prospect_deleted');
  const email = submission.email?.trim() ?? '';
  if (!isEmail(email)) return end('invalid_email');
  if (!isDomainWelcome(email, rules)) return end('denied_domain');
  const closed = closedBecause(session);
  if (closed) return end(closed);
  return {
    kind: 'register',
    disagrees: disagrees(submission),
    registration: {
      sessionId: session.id,
      emailKey: emailKey(email),
      email,
      activityId: submission.activityId,
      prospectId: submission.prospectId,
      fields: mapFields(submission.fields, rules.fields),
      requestedAtMs: submission.createdAtMs,
    },
  };
}

/**
 * The activity's campaign decides. Only a landing page has more than one candidate: its activity may carry the page's
 * campaign or that of the form inside (pardot.md §4.4), and the first that is linked is meant.
 */
export function route(
  submission: KnownSubmission,
  sessionOf: (campaignId: number) => LinkedSession | undefined,
): LinkedSession | undefined {
  const { campaignId, assetCampaignId, innerCampaignId, landingPageId } = submission;
  const candidates =
    landingPageId === null ? [campaignId ?? assetCampaignId] : [campaignId, assetCampaignId, innerCampaignId];
  for (const candidate of candidates) {
    const session = candidate === null ? undefined : sessionOf(candidate);
    if (session) return session;
  }
  return undefined;
}

/** The form was pointed at another campaign than the one the person submitted under. */
function disagrees({ campaignId, assetCampaignId, landingPageId }: KnownSubmission): boolean {
  // A landing page's activity may rightly carry the campaign of the form inside.
  return (
    landingPageId === null &&
    campaignId !== null &&
    assetCampaignId !== null &&
    campaignId !== assetCampaignId
  );
}

/** Why nobody can be registered in the session any more, or not yet; null when it is open. */
export function closedBecause(session: KnownSession): Outcome | null {
  if (session.goneAtMs !== null) return 'session_gone';
  if (session.status === 'canceled') return 'session_canceled';
  if (session.status === 'past' || session.status === 'past_not_started') return 'session_ended';
  if (session.status === 'draft' || session.event?.published === false) return 'session_not_published';
  return null;
}

/** Strict enough that a vendor accepts what passes, loose enough to refuse nobody real (at most 254 characters). */
export function isEmail(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[^\s@"(),:;<>[\]\\]{1,64}@[^\s@"(),:;<>[\]\\.]+(\.[^\s@"(),:;<>[\]\\.]+)+$/.test(text)
  );
}

function isDomainWelcome(email: string, rules: RegistrationRules): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const matches = (listed: string) => domain === listed || domain.endsWith(`.${listed}`);
  if (rules.deniedDomains.some(matches)) return false;
  return rules.allowedDomains.length === 0 || rules.allowedDomains.some(matches);
}

function mapFields(
  prospect: Readonly<Record<string, FieldValue>>,
  mapping: ReadonlyMap<string, string>,
): Record<string, FieldValue> {
  return Object.fromEntries(
    [...mapping].flatMap(([livestormField, pardotField]) => {
      const value = prospect[pardotField];
      return value === undefined || value.length === 0 ? [] : [[livestormField, value]];
    }),
  );
}

/** Fields the event's form has, in the shape it wants them, and the names of those it does not have. */
export function fitToForm(
  fields: Readonly<Record<string, FieldValue>>,
  form: readonly EventField[],
): { fitting: Record<string, FieldValue>; dropped: string[] } {
  const known = new Map(form.map((field) => [field.id, field]));
  const fitting: Record<string, FieldValue> = {};
  const dropped: string[] = [];
  for (const [id, value] of Object.entries(fields)) {
    const field = known.get(id);
    if (field) fitting[id] = field.multipleAnswers ? asArray(value) : asText(value);
    else dropped.push(id);
  }
  return { fitting, dropped };
}

function asArray(value: FieldValue): readonly string[] {
  if (typeof value !== 'string') return value;
  return value
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function asText(value: FieldValue): string {
  return typeof value === 'string' ? value : value.join(', ');
}
