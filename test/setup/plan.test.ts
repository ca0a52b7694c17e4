import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CustomField } from '../../src/clients/pardot-custom-fields.ts';
import { AuthError, RefusedError, RetryableError } from '../../src/errors.ts';
import { notApplied } from '../../src/setup/apply.ts';
import type { ActivityFacts, Facts } from '../../src/setup/facts.ts';
import { planSetup } from '../../src/setup/plan.ts';
import type { Step } from '../../src/setup/step.ts';
import { verdictOf } from '../../src/setup/verdict.ts';
import type { Wanted, WantedField } from '../../src/setup/wanted.ts';
import {
  aCampaignField,
  aDescription,
  aWantedField,
  EXTENSION_ID,
  FIELD,
  someActivities,
  someFacts,
  UNIT,
} from './facts.ts';

const WANTED: Wanted = {
  businessUnitId: UNIT,
  externalIdField: FIELD,
  externalActivities: true,
  fields: [aWantedField()],
};

function plan(facts: Partial<Facts> = {}, wanted: Partial<Wanted> = {}): Step[] {
  return planSetup(someFacts(facts), { ...WANTED, ...wanted });
}

const verdict = (steps: readonly Step[]) => verdictOf(notApplied(steps));

function step(steps: readonly Step[], what: string): Step {
  const found = steps.filter((each) => each.what.startsWith(what));
  const [only] = found;
  assert.ok(only && found.length === 1, `one step for ${what} in ${steps.map((each) => each.what)}`);
  return only;
}

/** State, what `--apply` does, and whom it is to be taken to. */
function brief({ state, action, blame }: Step): unknown[] {
  return [state, action?.kind ?? null, blame ?? null];
}

const REFUSAL = { vendor: 'salesforce', operation: 'GET /x' } as const;
const denied = new RefusedError('no', { ...REFUSAL, status: 403, code: 'INSUFFICIENT_ACCESS', hint: 'ask' });
const broken = new RetryableError('cut', { ...REFUSAL, applied: 'unknown' });

describe('a complete setup', () => {
  it('has nothing to do, and Connected Campaigns as a thing to look at', () => {
    const steps = plan();
    assert.equal(verdict(steps), 'complete');
    const others = steps.filter(({ state }) => state !== 'ok');
    assert.deepEqual(
      others.map(({ what }) => what),
      ['Connected Campaigns'],
    );
    assert.match(others[0]?.byHand ?? '', /awaiting mirror/);
    assert.ok(steps.every(({ action }) => !action));
  });

  it('needs no extension while external activities are off, and says so', () => {
    const steps = plan({ activities: null }, { externalActivities: false });
    assert.equal(verdict(steps), 'complete');
    assert.match(step(steps, 'External activities').found, /flows\.external_activities is off/);
    assert.equal(step(steps, 'External activities').state, 'unneeded');
  });
});

describe('Campaign', () => {
  const withField = (over: Parameters<typeof aCampaignField>[0]) => ({
    campaign: { value: aDescription({ fields: [aCampaignField(over)] }) },
  });
  const FIELDS: [string, Partial<Facts>, unknown[]][] = [
    [
      'no field',
      { campaign: { value: aDescription({ fields: [] }) } },
      ['missing', 'create_campaign_field', null],
    ],
    ['spelt in other case', withField({ name: FIELD.toUpperCase() }), ['ok', null, null]],
    ['not an external id', withField({ externalId: false }), ['wrong', null, null]],
    ['not unique', withField({ unique: false }), ['wrong', null, null]],
    ['too short', withField({ length: 35 }), ['wrong', null, null]],
    ['a number', withField({ type: 'double' }), ['wrong', null, null]],
    ['not writable', withField({ createable: false }), ['wrong', null, 'permission']],
    ['describe refused', { campaign: { error: denied } }, ['unknown', null, 'permission']],
    ['describe failed', { campaign: { error: broken } }, ['unknown', null, null]],
  ];
  for (const [name, facts, expected] of FIELDS) {
    it(`external id field: ${name}`, () => {
      assert.deepEqual(brief(step(plan(facts), 'Campaign field')), expected);
    });
  }

  for (const over of [{ createable: false }, { updateable: false }]) {
    it(`is not usable with ${JSON.stringify(over)}`, () => {
      const steps = plan({ campaign: { value: aDescription(over) } });
      assert.deepEqual(brief(step(steps, 'Campaigns')), ['wrong', null, 'permission']);
      assert.match(step(steps, 'Campaigns').byHand ?? '', /Marketing User/);
      assert.equal(verdict(steps), 'permission');
    });
  }

  it('that is not there is one that the API user may not see', () => {
    const error = new RefusedError('no', { ...REFUSAL, status: 404, code: 'NOT_FOUND' });
    const steps = plan({ campaign: { error } });
    assert.deepEqual(brief(step(steps, 'Campaigns')), ['wrong', null, 'permission']);
  });

  it('names the custom fields that would block creation, and not Name', () => {
    const required = (name: string) => aCampaignField({ name, required: true });
    const fields = [aCampaignField(), required('Name'), required('Region__c'), required('Budget__c')];
    const steps = plan({ campaign: { value: aDescription({ fields }) } });
    assert.equal(step(steps, 'Required fields').state, 'wrong');
    assert.match(step(steps, 'Required fields').found, /^Region__c, Budget__c:/);
    assert.equal(verdict(steps), 'incomplete');
  });
});

describe('external activities', () => {
  const activities = (over: Partial<ActivityFacts>) => plan({ activities: someActivities(over) });
  const extension = (isActive: boolean, developerName = 'Livestorm') => ({
    extension: { value: { id: EXTENSION_ID, developerName, isActive } },
  });
  const CASES: [string, Partial<ActivityFacts>, string, unknown[]][] = [
    [
      'no extension',
      { extension: { value: null } },
      'Extension Livestorm',
      ['missing', 'create_extension', null],
    ],
    ['inactive', extension(false), 'Extension Livestorm', ['wrong', 'activate_extension', null]],
    ['a wrong id', extension(true, 'Other'), 'Extension Livestorm', ['wrong', null, 'configuration']],
    [
      'hidden',
      { extension: { value: 'hidden' } },
      'Extension Livestorm',
      ['unknown', 'create_extension', null],
    ],
    ['denied', { extension: { error: denied } }, 'Extension Livestorm', ['unknown', null, 'permission']],
    ['not assigned', { assignedTo: { value: [] } }, 'Assignment', ['missing', 'assign_extension', null]],
    [
      'assigned by a short id',
      { assignedTo: { value: [UNIT.slice(0, 15)] } },
      'Assignment',
      ['ok', null, null],
    ],
    [
      'another business unit',
      { businessUnits: { value: [] } },
      'Business unit',
      ['wrong', null, 'configuration'],
    ],
    [
      'a business unit in the making',
      { businessUnits: { value: [{ id: UNIT, name: null, status: 'Creating' }] } },
      'Business unit',
      ['wrong', null, null],
    ],
    [
      'no types',
      { types: { value: [] } },
      'Activity type Attended',
      ['missing', 'create_activity_type', null],
    ],
    [
      'an inactive type',
      {
        types: {
          value: [{ id: '1', developerName: 'Attended', isActive: false, extensionId: EXTENSION_ID }],
        },
      },
      'Activity type Attended',
      ['wrong', 'activate_activity_type', null],
    ],
  ];
  for (const [name, over, what, expected] of CASES) {
    it(name, () => {
      assert.deepEqual(brief(step(activities(over), what)), expected);
    });
  }

  it('leaves an extension of another name alone', () => {
    const steps = activities({
      ...extension(false, 'Other'),
      types: { value: [] },
      assignedTo: { value: [] },
    });
    assert.deepEqual(
      steps.filter(({ action }) => action),
      [],
    );
  });

  it('creates the eight types with their labels, in the extension that exists or is to come', () => {
    for (const id of [EXTENSION_ID, null]) {
      const found = id === null ? null : { id, developerName: 'Livestorm', isActive: true };
      const steps = activities({ extension: { value: found }, types: { value: [] } });
      const actions = steps.flatMap(({ action }) =>
        action?.kind === 'create_activity_type' ? [action] : [],
      );
      assert.equal(actions.length, 8);
      assert.deepEqual(actions.at(-1), {
        kind: 'create_activity_type',
        extensionId: id,
        developerName: 'WatchedOnDemand',
        label: 'Has watched on-demand',
      });
    }
  });
});

describe('prospect fields', () => {
  const custom = (over: Partial<CustomField> = {}): CustomField => ({
    apiName: 'Webinar_Duration__c',
    type: 'text',
    appends: false,
    ...over,
  });
  const planned = (wanted: Partial<WantedField>, found: CustomField[]) =>
    step(plan({ customFields: { value: found } }, { fields: [aWantedField(wanted)] }), 'Prospect field');
  const CONFIGURATION = ['wrong', null, 'configuration'];
  const OK = ['ok', null, null];
  const DEPENDS = ['unknown', null, null];

  const TYPES: [WantedField['use'], CustomField['type'], unknown[]][] = [
    ['number', 'text', OK],
    ['number', 'number', OK],
    ['number', 'date', CONFIGURATION],
    ['number', 'dropdown', CONFIGURATION],
    ['instant', 'text', OK],
    ['instant', 'textarea', OK],
    ['instant', 'date', CONFIGURATION],
    ['instant', 'number', CONFIGURATION],
    ['choice', 'hidden', OK],
    ['choice', 'dropdown', DEPENDS],
    ['choice', 'radio button', DEPENDS],
    ['choice', 'checkbox', CONFIGURATION],
    ['text', 'text', OK],
    ['text', 'multi-select', CONFIGURATION],
    ['text', 'unknown', DEPENDS],
    ['answer', 'multi-select', DEPENDS],
    ['answer', 'number', DEPENDS],
    ['answer', 'crm user', CONFIGURATION],
    ['read', 'crm user', OK],
  ];
  for (const [use, type, expected] of TYPES) {
    it(`${use} in a field of type ${type}`, () => {
      assert.deepEqual(brief(planned({ use }, [custom({ type })])), expected);
    });
  }

  it('that append are rejected with an explanation, unless they are only read', () => {
    const appending = planned({}, [custom({ appends: true })]);
    assert.deepEqual(brief(appending), CONFIGURATION);
    assert.match(appending.found, /records multiple responses/);
    assert.match(appending.byHand ?? '', /^In fields\.attendance: /);
    assert.deepEqual(brief(planned({ use: 'read' }, [custom({ appends: true })])), OK);
  });

  it('that are missing are created as what fits, unless they are only read', () => {
    for (const [use, type] of [
      ['number', 'Number'],
      ['instant', 'Text'],
      ['answer', 'Text'],
    ] as const) {
      assert.deepEqual(planned({ use }, []).action, {
        kind: 'create_custom_field',
        field: { apiName: 'Webinar_Duration__c', label: 'Webinar Duration', type },
      });
    }
    assert.deepEqual(brief(planned({ use: 'read' }, [])), CONFIGURATION);
  });

  it('are spelt as Account Engagement spells them', () => {
    assert.match(planned({ name: 'webinar_duration__c' }, [custom()]).found, /spells it Webinar_Duration__c/);
  });

  it('of the standard kind are known by name', () => {
    const standard = (name: string, use: WantedField['use']) => brief(planned({ name, use }, []));
    assert.deepEqual(standard('jobTitle', 'answer'), OK);
    assert.deepEqual(standard('score', 'number'), DEPENDS);
    assert.deepEqual(standard('score', 'read'), OK);
    assert.deepEqual(standard('jobtitle', 'read'), CONFIGURATION);
  });

  it('cannot be checked without the ability to configure fields', () => {
    const hint = 'give the API user the ability';
    const error = new AuthError('no', { vendor: 'pardot', operation: 'GET /custom-fields', code: 46, hint });
    const steps = plan({ customFields: { error } });
    assert.deepEqual(brief(step(steps, 'Prospect field')), ['unknown', null, 'permission']);
    assert.equal(step(steps, 'Prospect field').byHand, hint);
  });
});

describe('the verdict', () => {
  const misdirected = new AuthError('no', { vendor: 'pardot', operation: 'GET /account', code: 201 });
  it('is about the configuration before permissions, and about either before the rest', () => {
    const unfinished = { campaign: { value: aDescription({ fields: [] }) } };
    assert.equal(verdict(plan(unfinished)), 'incomplete');
    assert.equal(verdict(plan({ ...unfinished, customFields: { error: denied } })), 'permission');
    const both = { customFields: { error: denied }, account: { error: misdirected } };
    assert.equal(verdict(plan(both)), 'configuration');
    assert.equal(verdict(plan({ account: { error: broken } })), 'incomplete');
  });

  it('counts what was done as done, and what failed by its own reason', () => {
    const [first] = plan({ campaign: { value: aDescription({ fields: [] }) } }).filter(
      ({ action }) => action,
    );
    assert.ok(first);
    assert.equal(verdictOf([{ ...first, result: { done: true, note: 'created' } }]), 'complete');
    const failed = { done: false, problem: 'no', blame: 'permission' } as const;
    assert.equal(verdictOf([{ ...first, result: failed }]), 'permission');
  });
});
