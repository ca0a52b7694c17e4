import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formNamed } from '../../../src/cli/repair/form-name.ts';

const FORMS = [
  { form: 'form:11', name: 'Sign-up', campaignId: 70 },
  { form: 'form:12', name: 'Twin', campaignId: 70 },
  { form: 'form:13', name: 'Twin', campaignId: 71 },
  { form: 'form:14', name: '11', campaignId: 71 },
  { form: 'form_handler:11', name: 'Handler', campaignId: 70 },
];

test('a form is found by its id first, then by its exact name', () => {
  assert.deepEqual(formNamed(FORMS, 'form', '11'), { form: 'form:11' });
  assert.deepEqual(formNamed(FORMS, 'form', 'Sign-up'), { form: 'form:11' });
  assert.deepEqual(formNamed(FORMS, 'form_handler', '11'), { form: 'form_handler:11' });
});

test('a name that several have, or none, is told with what there is', () => {
  assert.deepEqual(formNamed(FORMS, 'form', 'Twin'), {
    problem: 'several have the name "Twin": give one of the ids 12, 13',
  });
  assert.deepEqual(formNamed(FORMS, 'form_handler', 'sign-up'), {
    problem: 'no submission of form handler sign-up was seen; there are\n  11  Handler',
  });
  assert.deepEqual(formNamed(FORMS, 'landing_page', 'sign-up'), {
    problem: 'no submission of landing page sign-up was seen; there is none yet',
  });
});
