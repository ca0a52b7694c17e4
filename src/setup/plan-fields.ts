import type { CustomField, CustomFieldType } from '../clients/pardot-custom-fields.ts';
import { OTHER_STANDARD_FIELDS, STANDARD_TEXT_FIELDS } from '../clients/pardot-standard-fields.ts';
import type { Reading } from './facts.ts';
import { type Step, unchecked } from './step.ts';
import type { FieldUse, WantedField } from './wanted.ts';

const CUSTOM = /__c$/;

/** Whether the prospect fields of the configuration exist and suit what is written into them (pardot.md §3.1, §3.10). */
export function planFields(custom: Reading<readonly CustomField[]>, wanted: readonly WantedField[]): Step[] {
  return wanted.map((field) => {
    if (!CUSTOM.test(field.name)) return planStandard(field);
    if ('error' in custom) return unchecked(titleOf(field), custom.error);
    const found = custom.value.find(({ apiName }) => apiName.toLowerCase() === field.name.toLowerCase());
    return found ? planCustom(field, found) : missing(field);
  });
}

function planStandard(field: WantedField): Step {
  const what = titleOf(field);
  if (STANDARD_TEXT_FIELDS.has(field.name)) return { what, state: 'ok', found: 'a standard field' };
  if (!OTHER_STANDARD_FIELDS.has(field.name)) {
    return misconfigured(
      field,
      'no standard field of this name',
      'the API names of custom fields end with __c',
    );
  }
  if (field.use === 'read') return { what, state: 'ok', found: 'a standard field' };
  return {
    what,
    state: 'unknown',
    found: 'a standard field that does not hold text',
    byHand: `See that it takes ${field.value}; a custom field of type Text always does.`,
    advisory: true,
  };
}

function planCustom(field: WantedField, found: CustomField): Step {
  if (found.apiName !== field.name) {
    return misconfigured(field, `Account Engagement spells it ${found.apiName}`, 'spell it the same way');
  }
  if (field.use === 'read') return { what: titleOf(field), state: 'ok', found: found.type };
  if (found.appends) {
    return misconfigured(
      field,
      'it records multiple responses: every write would add a value, and none could be taken back',
      'use a field without that option',
    );
  }
  return planType(field, field.use, found.type);
}

function planType(
  field: WantedField,
  use: Exclude<FieldUse, 'read'>,
  type: CustomFieldType | 'unknown',
): Step {
  const what = titleOf(field);
  const { always, sometimes, never } = FITS[use];
  if ([...TEXT, ...always].includes(type)) return { what, state: 'ok', found: type };
  if (type !== 'unknown' && !sometimes.includes(type)) {
    return misconfigured(field, `its type is ${type}, which ${never}`, 'use a field of type Text');
  }
  return {
    what,
    state: 'unknown',
    found: `its type is ${type}, which may take some values only`,
    byHand: `See that it takes every value of ${field.value}; a field of type Text always does.`,
    advisory: true,
  };
}

interface Fit {
  /** Types, besides those of text, that take every value. */
  readonly always: readonly CustomFieldType[];
  /** Types that take the values they are set up for. */
  readonly sometimes: readonly CustomFieldType[];
  /** Why the others do not. */
  readonly never: string;
}

const TEXT: readonly (CustomFieldType | 'unknown')[] = ['text', 'textarea', 'hidden'];
const FITS: Readonly<Record<Exclude<FieldUse, 'read'>, Fit>> = {
  number: { always: ['number'], sometimes: [], never: 'does not take every number' },
  instant: { always: [], sometimes: [], never: 'does not hold a date with its time' },
  choice: { always: [], sometimes: ['dropdown', 'radio button'], never: 'does not take these words' },
  text: { always: [], sometimes: [], never: 'does not take every text' },
  answer: {
    always: [],
    sometimes: ['dropdown', 'radio button', 'checkbox', 'multi-select', 'number', 'date'],
    never: 'does not take answers',
  },
};

/** A field that is only read is not made: nothing would ever be in it. */
function missing(field: WantedField): Step {
  if (field.use === 'read')
    return misconfigured(field, 'no such field', 'correct the name, or create the field');
  const type = field.use === 'number' ? 'Number' : 'Text';
  const label = field.name.replace(CUSTOM, '').replaceAll('_', ' ').trim();
  return {
    what: titleOf(field),
    state: 'missing',
    found: 'no such field',
    action: { kind: 'create_custom_field', field: { apiName: field.name, label, type } },
    byHand: `Make a prospect field of type ${type} with the API name ${field.name}.`,
  };
}

function misconfigured(field: WantedField, found: string, fix: string): Step {
  return {
    what: titleOf(field),
    state: 'wrong',
    found,
    byHand: `In ${field.key}: ${fix}.`,
    blame: 'configuration',
  };
}

function titleOf({ name, use, value }: WantedField): string {
  return `Prospect field ${name} ${use === 'read' ? '→' : '←'} ${value}`;
}
