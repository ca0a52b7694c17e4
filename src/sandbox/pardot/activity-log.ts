import type { AssetKind, Form, FormHandler, LandingPage, VisitorActivity } from './rows.ts';
import type { PardotState, Visitor } from './state.ts';
import { takeLate } from './switches.ts';

/** What a person fills in: the asset, and the form that asks (itself, or the one in the landing page). */
export interface Target {
  readonly kind: AssetKind;
  readonly asset: Form | FormHandler | LandingPage;
  readonly form: Form | FormHandler;
}

/** pardot.md §4.3. */
const TYPE_VIEW = 2;
const TYPE_ERROR = 3;
const TYPE_SUCCESS = 4;

/** The campaign that an activity at this asset carries; disputed for landing pages. pardot.md §4.4. */
export function campaignOf(state: PardotState, asset: Form | LandingPage): number {
  if (!('formId' in asset) || state.switches.landingPageCampaign === 'landing_page') return asset.campaignId;
  return state.forms.get(asset.formId)?.campaignId ?? asset.campaignId;
}

/** The type-4 activity of a submission, or undefined where a handler throttles repeats. pardot.md §4.5. */
export function logSuccess(
  state: PardotState,
  target: Target,
  prospectId: number,
  visitor: Visitor | undefined,
): VisitorActivity | undefined {
  if (isThrottled(state, target, prospectId)) return undefined;
  const { activities, clock, random, switches } = state;
  const now = clock.now();
  const late = takeLate(switches.lateRows, random);
  const tiedLater = takeLate(switches.lateProspectIds, random);
  const row = newActivity(state, target, TYPE_SUCCESS, tiedLater ? null : prospectId, visitor);
  activities.insert(row, now, late ? now + switches.lateRows.delayMs : undefined);
  if (!tiedLater) return row;
  const tiedAtMs = now + switches.lateProspectIds.delayMs;
  return activities.update(row.id, { prospectId, updatedAtMs: state.grained(tiedAtMs) }, tiedAtMs);
}

export function logError(state: PardotState, target: Target, visitor: Visitor | undefined): void {
  state.activities.insert(newActivity(state, target, TYPE_ERROR, visitor?.prospectId ?? null, visitor));
}

/** What real forms log besides submissions. */
export function logNoise(state: PardotState, target: Target, visitor: Visitor | undefined): void {
  const { noise } = state.switches;
  if (noise === 'none') return;
  state.activities.insert(newActivity(state, target, TYPE_VIEW, visitor?.prospectId ?? null, visitor));
  if (noise === 'views_and_errors') logError(state, target, visitor);
}

function newActivity(
  state: PardotState,
  target: Target,
  type: number,
  prospectId: number | null,
  visitor: Visitor | undefined,
): VisitorActivity {
  const at = state.now();
  return {
    id: state.activities.nextId(),
    type,
    typeName: typeName(state, target.kind),
    details: target.asset.name,
    createdAtMs: at,
    updatedAtMs: at,
    campaignId: campaignOf(state, target.asset),
    prospectId,
    visitorId: visitor?.id ?? null,
    ...assetIds(state, target),
  };
}

/** The kind of asset, not the action. pardot.md §4.3. */
function typeName(state: PardotState, kind: AssetKind): string {
  if (kind === 'form_handler') return state.switches.formHandlerTypeName;
  return kind === 'form' ? 'Form' : 'Landing Page';
}

function assetIds(
  state: PardotState,
  { kind, asset, form }: Target,
): Pick<VisitorActivity, 'formId' | 'formHandlerId' | 'landingPageId'> {
  const none = { formId: null, formHandlerId: null, landingPageId: null };
  if (kind === 'form') return { ...none, formId: asset.id };
  if (kind === 'form_handler') return { ...none, formHandlerId: asset.id };
  const formId = state.switches.landingPageIds === 'landing_page_and_form' ? form.id : null;
  return { ...none, landingPageId: asset.id, formId };
}

function isThrottled(state: PardotState, { kind, form }: Target, prospectId: number): boolean {
  const { throttleMs } = state.switches;
  if (kind !== 'form_handler' || throttleMs === 0) return false;
  if ('isAlwaysEmail' in form && form.isAlwaysEmail) return false;
  const sinceMs = state.clock.now() - throttleMs;
  return state.activities
    .rows()
    .some(
      (row) =>
        row.type === TYPE_SUCCESS &&
        row.formHandlerId === form.id &&
        row.prospectId === prospectId &&
        row.createdAtMs > sinceMs,
    );
}
