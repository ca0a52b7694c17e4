import type { NewCustomField } from '../clients/pardot-custom-fields.ts';
import type { VendorError } from '../errors.ts';
import { type Blame, blameFor } from './blame.ts';

/** How a thing stands; the text says it to an admin. */
export const STATES = {
  ok: 'ok',
  missing: 'missing',
  wrong: 'wrong',
  unknown: 'cannot be checked',
  unneeded: 'not needed',
} as const;
export type State = keyof typeof STATES;

/** What `--apply` can do about one thing. Extension ids are null while the extension itself is not made. */
export type Action =
  | { readonly kind: 'create_campaign_field'; readonly name: string }
  | { readonly kind: 'create_extension' }
  | { readonly kind: 'activate_extension'; readonly id: string }
  | {
      readonly kind: 'assign_extension';
      readonly extensionId: string | null;
      readonly businessUnitId: string;
    }
  | {
      readonly kind: 'create_activity_type';
      readonly extensionId: string | null;
      readonly developerName: string;
      readonly label: string;
    }
  | { readonly kind: 'activate_activity_type'; readonly id: string }
  | { readonly kind: 'create_custom_field'; readonly field: NewCustomField };

/** One line of the plan. */
export interface Step {
  readonly what: string;
  readonly state: State;
  /** What was found. */
  readonly found: string;
  readonly action?: Action;
  /** What a person has to do, or can do instead of the action. */
  readonly byHand?: string;
  /** What stands in the way, where it is one of these. */
  readonly blame?: Blame | undefined;
  /** For the admin to know; the setup is complete without it. */
  readonly advisory?: boolean;
}

/** The line for what could not be read. */
export function unchecked(what: string, error: VendorError): Step {
  const { message, hint } = error;
  return {
    what,
    state: 'unknown',
    found: message,
    ...(hint && { byHand: hint }),
    blame: blameFor(error),
  };
}

/** The external id field on Campaign as it is made; its name is configured. */
export const NEW_EXTERNAL_ID_FIELD = { label: 'Livestorm Session Id', length: 64 };

/** What an action does, for people. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'create_campaign_field':
      return `create it as Text (${NEW_EXTERNAL_ID_FIELD.length}), External ID, Unique`;
    case 'create_extension':
    case 'create_activity_type':
      return 'create it, active';
    case 'activate_extension':
    case 'activate_activity_type':
      return 'activate it';
    case 'assign_extension':
      return 'assign the extension to it';
    case 'create_custom_field':
      return `create it as ${action.field.type}`;
  }
}
