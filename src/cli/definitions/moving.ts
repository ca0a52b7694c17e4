import { UsageError } from '../../errors.ts';
import { type Definition, define, WRITING_EXITS } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, text } from '../option.ts';

/** Option → kind of form. */
const FORMS = [
  ['form', 'form'],
  ['form-handler', 'form_handler'],
  ['landing-page', 'landing_page'],
] as const;

/** What a form with the wrong campaign has done. */
export const MOVING: readonly Definition[] = [
  define({
    name: 'move',
    summary: 'move people from the session that a wrong campaign led them to',
    options: {
      ...CONFIG,
      form: text('F', 'who submitted this form: its id or exact name'),
      'form-handler': text('F', 'or this form handler'),
      'landing-page': text('F', 'or this landing page'),
      from: text('ID', 'the wrong session, by its Livestorm id'),
      to: text('ID', 'the right session'),
      apply: text('PLAN', 'carry out the plan with this hash; without it the plan is only shown'),
      'show-people': flag('list addresses'),
      ...JSON_OUT,
    },
    exits: {
      1: 'failed, or the plan is no longer the one that was shown',
      3: 'people are still to be moved, or to be taken out by hand',
      ...WRITING_EXITS,
    },
    run: async ({ values }, terminal) => {
      const { config, from, to, apply, json, 'show-people': showPeople } = values;
      const [form, ...others] = FORMS.flatMap(([option, kind]) => {
        const name = values[option];
        return name === undefined ? [] : [{ kind, name }];
      });
      if (!form || others.length > 0 || !from || !to) {
        throw new UsageError('give one of --form, --form-handler, --landing-page, and both --from and --to');
      }
      const { moveCommand } = await import('../repair/move.ts');
      return await moveCommand({ config, form, from, to, apply, showPeople, json }, terminal);
    },
  }),
];
