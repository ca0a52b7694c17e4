import { addCustomField } from './collections/custom-fields.ts';
import { addList } from './collections/lists.ts';
import { settleImports } from './imports/run.ts';
import { type CampaignMirrors, salesforceKey } from './mirrors.ts';
import { prospectFields } from './prospect-fields.ts';
import { type ProspectView, viewProspect } from './prospect-view.ts';
import { addProspect, byActivity, changeProspect, prospectsByEmail, type Values } from './prospects.ts';
import { mergeProspects, purgeProspect } from './removal.ts';
import type {
  AssetKind,
  Campaign,
  CustomFieldType,
  Form,
  FormField,
  FormHandler,
  LandingPage,
  List,
  VisitorActivity,
} from './rows.ts';
import type { PardotState } from './state.ts';
import { findTarget, type SubmissionOptions, type SubmissionResult, submit } from './submissions.ts';

export type { ExternalActivityView, ProspectView } from './prospect-view.ts';
export type { SubmissionOptions, SubmissionResult } from './submissions.ts';

const DEFAULT_FIELDS: readonly FormField[] = [
  { name: 'email', label: 'Email', required: true },
  { name: 'firstName', label: 'First name', required: false },
  { name: 'lastName', label: 'Last name', required: false },
];

export interface NewForm {
  readonly name: string;
  readonly campaignId: number;
  /** E-mail, first and last name when absent. */
  readonly fields?: readonly FormField[];
  /** Kiosk mode: no cookie is read or set. */
  readonly isCookieless?: boolean;
}

/** An asset as a page shows it: what it is called and what it asks for. */
export interface AssetView {
  readonly kind: AssetKind;
  readonly id: number;
  readonly name: string;
  readonly campaignId: number;
  readonly fields: readonly FormField[];
}

/**
 * The business unit as its people see it, at this moment and without any lag: what admins set up, what visitors
 * submit, what became of it. Ids are numbers, times epoch milliseconds. Unknown ids throw RangeError, values that
 * Pardot would refuse throw Failure.
 */
export class PardotWorld {
  readonly #unit: PardotState;
  readonly #mirrors: CampaignMirrors;

  constructor(state: PardotState, mirrors: CampaignMirrors) {
    this.#unit = state;
    this.#mirrors = mirrors;
  }

  /** With everything that imports have done by now. */
  get #state(): PardotState {
    settleImports(this.#unit);
    return this.#unit;
  }

  /** A campaign made in Pardot, from before Connected Campaigns. Returns its id, as all `create…` do. */
  createCampaign(campaign: { name: string; createdAtMs?: number; salesforceId?: string }): number {
    const { name, createdAtMs, salesforceId = null } = campaign;
    const { campaigns } = this.#state;
    const stamp = this.#state.stamp(createdAtMs);
    return campaigns.insert(
      { id: campaigns.nextId(), ...stamp, name, salesforceId, isDeleted: false },
      createdAtMs,
    ).id;
  }

  /** Mirrors that are due included. */
  campaigns(): readonly Campaign[] {
    this.#mirrors.refresh();
    return this.#state.campaigns.rows();
  }

  /** By 15 or 18 characters; undefined while the mirror has not come. */
  campaignOfSalesforce(salesforceId: string): Campaign | undefined {
    const wanted = salesforceKey(salesforceId);
    return this.campaigns().find((row) => salesforceKey(row.salesforceId ?? '') === wanted);
  }

  createForm(form: NewForm): number {
    const { forms } = this.#state;
    const id = forms.nextId();
    return forms.insert({ id, ...this.#formContent(form), url: `${VISITORS}/form/${id}` }).id;
  }

  createFormHandler(handler: NewForm & { readonly isAlwaysEmail?: boolean }): number {
    const { formHandlers } = this.#state;
    const isAlwaysEmail = handler.isAlwaysEmail ?? false;
    return formHandlers.insert({ id: formHandlers.nextId(), ...this.#formContent(handler), isAlwaysEmail })
      .id;
  }

  createLandingPage(page: { name: string; campaignId: number; formId: number }): number {
    const { landingPages, forms } = this.#state;
    if (!forms.get(page.formId)) throw new RangeError(`no form ${page.formId}`);
    const { name, campaignId, formId } = page;
    const id = landingPages.nextId();
    const url = `${VISITORS}/page/${id}`;
    const stamp = this.#state.stamp();
    return landingPages.insert({ id, ...stamp, name, campaignId, formId, url, isDeleted: false }).id;
  }

  /** An admin gives an asset another campaign. */
  repoint(kind: AssetKind, id: number, campaignId: number): void {
    findTarget(this.#state, kind, id);
    const change = { campaignId, ...this.#state.touch() };
    if (kind === 'form') this.#state.forms.update(id, change);
    else if (kind === 'form_handler') this.#state.formHandlers.update(id, change);
    else this.#state.landingPages.update(id, change);
  }

  forms(): readonly Form[] {
    return this.#state.forms.rows();
  }

  formHandlers(): readonly FormHandler[] {
    return this.#state.formHandlers.rows();
  }

  landingPages(): readonly LandingPage[] {
    return this.#state.landingPages.rows();
  }

  asset(kind: AssetKind, id: number): AssetView {
    const { asset, form } = findTarget(this.#state, kind, id);
    return { kind, id, name: asset.name, campaignId: asset.campaignId, fields: form.fields };
  }

  createCustomField(field: {
    name: string;
    /** Without `__c`. */
    fieldId: string;
    type: CustomFieldType;
    isRecordMultipleResponses?: boolean;
    values?: readonly string[];
  }): number {
    const { values: allowedValues = [], ...content } = field;
    return addCustomField(this.#state, { ...content, allowedValues });
  }

  /** Values by API field name, `email` and `campaignId` among them. */
  createProspect(values: Values, times: { createdAtMs?: number; lastActivityAtMs?: number } = {}): number {
    return addProspect(this.#state, values, times).id;
  }

  /** A person edits the record in Pardot. */
  editProspect(id: number, values: Values): void {
    changeProspect(this.#state, this.#prospectRow(id), values);
  }

  setOptedOut(id: number, optedOut: boolean): void {
    this.editProspect(id, { optedOut });
  }

  /** Into the recycle bin. */
  deleteProspect(id: number): void {
    changeProspect(this.#state, this.#prospectRow(id), {}, { isDeleted: true });
  }

  /** For good. */
  purgeProspect(id: number): void {
    purgeProspect(this.#state, this.#prospectRow(id));
  }

  /** The first keeps its values and gets the other's activities and lists; the other is gone for good. */
  mergeProspects(keptId: number, mergedId: number): void {
    mergeProspects(this.#state, this.#prospectRow(keptId), this.#prospectRow(mergedId));
  }

  /** Visitor association changes: an activity turns out to be someone else's. */
  reassociate(activityId: number, prospectId: number): void {
    this.#state.activities.update(activityId, { prospectId, updatedAtMs: this.#state.now() });
  }

  submitForm(id: number, values: SubmittedValues, options: SubmissionOptions = {}): SubmissionResult {
    return submit(this.#state, 'form', id, values, options);
  }

  submitFormHandler(id: number, values: SubmittedValues, options: SubmissionOptions = {}): SubmissionResult {
    return submit(this.#state, 'form_handler', id, values, options);
  }

  submitLandingPage(id: number, values: SubmittedValues, options: SubmissionOptions = {}): SubmissionResult {
    return submit(this.#state, 'landing_page', id, values, options);
  }

  createList(list: { name: string; campaignId?: number; isDynamic?: boolean }): number {
    const { isDynamic, ...body } = list;
    return addList(this.#state, body, isDynamic).id;
  }

  lists(): readonly List[] {
    return this.#state.lists.rows();
  }

  /** In the order of activity, deleted ones included. */
  prospectsByEmail(email: string): readonly ProspectView[] {
    const found = prospectsByEmail(this.#state, email).sort(byActivity);
    return found.map((row) => viewProspect(this.#state, row));
  }

  prospects(): readonly ProspectView[] {
    return this.#state.prospects.rows().map((row) => viewProspect(this.#state, row));
  }

  prospect(id: number): ProspectView | undefined {
    const row = this.#state.prospects.get(id);
    return row && viewProspect(this.#state, row);
  }

  activities(): readonly VisitorActivity[] {
    return this.#state.activities.rows();
  }

  #prospectRow(id: number) {
    const row = this.#state.prospects.get(id);
    if (!row) throw new RangeError(`no prospect ${id}`);
    return row;
  }

  #formContent(form: NewForm): Omit<Form, 'id'> {
    const { name, campaignId, fields = DEFAULT_FIELDS, isCookieless = false } = form;
    const known = prospectFields(this.#state);
    const stray = fields.find((field) => !Object.hasOwn(known, field.name));
    if (stray) throw new RangeError(`prospects have no field ${stray.name}`);
    if (!this.#state.campaigns.get(campaignId)) throw new RangeError(`no campaign ${campaignId}`);
    return { ...this.#state.stamp(), name, campaignId, fields, isCookieless, url: null, isDeleted: false };
  }
}

/** The company's tracker domain. */
const VISITORS = 'https://go.sandbox.example';

type SubmittedValues = Readonly<Record<string, string>>;
