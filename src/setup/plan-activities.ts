import { ACTIVITY_EXTENSION, ACTIVITY_TYPES } from '../activity-types.ts';
import type { ActivityTypeRecord, BusinessUnit } from '../clients/salesforce-setup-shapes.ts';
import { printable } from '../config/printable.ts';
import { sameSalesforceId } from '../domain.ts';
import type { ActivityFacts, ExtensionFact, Reading } from './facts.ts';
import { type Step, unchecked } from './step.ts';
import type { Wanted } from './wanted.ts';

const EXTENSION = `Extension ${ACTIVITY_EXTENSION}`;

/** The extension, its assignment and its types, which external activities need (salesforce.md §6). */
export function planActivities(facts: ActivityFacts | null, wanted: Wanted): Step[] {
  if (!facts) {
    const found = `flows.external_activities is off; when it is on, the extension ${ACTIVITY_EXTENSION} and its types are needed`;
    return [{ what: 'External activities', state: 'unneeded', found }];
  }
  const first = [
    planBusinessUnit(facts.businessUnits, wanted.businessUnitId),
    planExtension(facts.extension),
  ];
  const extension = 'error' in facts.extension ? null : facts.extension.value;
  const isKnown = extension !== null && extension !== 'hidden';
  // Nothing may be done to somebody else's.
  if (isKnown && extension.developerName !== ACTIVITY_EXTENSION) return first;
  const extensionId = isKnown ? extension.id : null;
  return [
    ...first,
    planAssignment(facts.assignedTo, extensionId, wanted.businessUnitId),
    ...Object.entries(ACTIVITY_TYPES).map(([developerName, label]) =>
      planType(facts.types, { extensionId, developerName, label }),
    ),
  ];
}

function planBusinessUnit(units: Reading<readonly BusinessUnit[]>, id: string): Step {
  const what = 'Business unit in Salesforce';
  if ('error' in units) return unchecked(what, units.error);
  const unit = units.value.find((known) => sameSalesforceId(known.id, id));
  if (!unit) {
    const found = `${id} is none of ${units.value.map((known) => known.id).join(', ') || 'the org’s'}`;
    const byHand = 'Correct pardot.business_unit_id, or salesforce.login_url.';
    return { what, state: 'wrong', found, byHand, blame: 'configuration' };
  }
  if (unit.status !== null && unit.status !== 'Created') {
    const byHand = 'Finish its set-up in Setup › Business Unit Setup.';
    return { what, state: 'wrong', found: `its status is ${printable(unit.status)}`, byHand };
  }
  return { what, state: 'ok', found: printable(unit.name ?? id) };
}

function planExtension(extension: Reading<ExtensionFact>): Step {
  const what = EXTENSION;
  if ('error' in extension) return unchecked(what, extension.error);
  const found = extension.value;
  if (found === 'hidden') {
    return {
      what,
      state: 'unknown',
      found: 'this org does not tell by query, and no type of it exists',
      action: { kind: 'create_extension' },
      byHand: 'If it exists, give its id with --extension-id.',
    };
  }
  if (found === null) {
    const byHand = 'Deploy config/salesforce-metadata instead, which brings its types, too.';
    return {
      what,
      state: 'missing',
      found: 'no such extension',
      action: { kind: 'create_extension' },
      byHand,
    };
  }
  if (found.developerName !== ACTIVITY_EXTENSION) {
    const byHand = `Give the id of the extension with the API name ${ACTIVITY_EXTENSION}.`;
    return {
      what,
      state: 'wrong',
      found: `--extension-id is that of ${printable(found.developerName)}`,
      byHand,
      blame: 'configuration',
    };
  }
  if (found.isActive) return { what, state: 'ok', found: 'active' };
  return { what, state: 'wrong', found: 'not active', action: { kind: 'activate_extension', id: found.id } };
}

function planAssignment(
  assignedTo: Reading<readonly string[]>,
  extensionId: string | null,
  businessUnitId: string,
): Step {
  const what = `Assignment of ${ACTIVITY_EXTENSION} to the business unit`;
  if ('error' in assignedTo) return unchecked(what, assignedTo.error);
  if (assignedTo.value.some((id) => sameSalesforceId(id, businessUnitId))) {
    return { what, state: 'ok', found: 'assigned' };
  }
  return {
    what,
    state: 'missing',
    found: 'not assigned, so none of its activities are taken',
    action: { kind: 'assign_extension', extensionId, businessUnitId },
    byHand: 'Setup › Marketing App Extensions: the metadata files cannot assign it.',
  };
}

function planType(
  types: Reading<readonly ActivityTypeRecord[]>,
  wanted: { extensionId: string | null; developerName: string; label: string },
): Step {
  const what = `Activity type ${wanted.developerName}`;
  if ('error' in types) return unchecked(what, types.error);
  const type = types.value.find(({ developerName }) => developerName === wanted.developerName);
  if (!type) {
    const action = { kind: 'create_activity_type', ...wanted } as const;
    return { what, state: 'missing', found: `no such type (${wanted.label})`, action };
  }
  if (type.isActive) return { what, state: 'ok', found: 'active' };
  return {
    what,
    state: 'wrong',
    found: 'not active',
    action: { kind: 'activate_activity_type', id: type.id },
  };
}
