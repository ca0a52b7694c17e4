import type { AssetKind } from '../../domain.ts';
import { UsageError } from '../../errors.ts';
import {
  CONFIG,
  CONFIG_HELP,
  configFile,
  type Definition,
  type Input,
  JSON_HELP,
  JSON_OUT,
  textOf,
  WRITING_EXITS,
} from '../definition.ts';

const FORMS: Readonly<Record<string, AssetKind>> = {
  form: 'form',
  'form-handler': 'form_handler',
  'landing-page': 'landing_page',
};

/** What a form with the wrong campaign has done. */
export const MOVING: readonly Definition[] = [
  {
    name: 'move',
    summary: 'move people from the session that a wrong campaign led them to',
    options: {
      ...CONFIG,
      form: { type: 'string' },
      'form-handler': { type: 'string' },
      'landing-page': { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      apply: { type: 'string' },
      'show-people': { type: 'boolean' },
      ...JSON_OUT,
    },
    help: {
      ...CONFIG_HELP,
      'form F': 'who submitted this form: its id or exact name',
      'form-handler F': 'or this form handler',
      'landing-page F': 'or this landing page',
      'from ID': 'the wrong session, by its Livestorm id',
      'to ID': 'the right session',
      'apply PLAN': 'carry out the plan with this hash; without it the plan is only shown',
      'show-people': 'list addresses',
      ...JSON_HELP,
    },
    exits: {
      1: 'failed, or the plan is no longer the one that was shown',
      3: 'people are still to be moved, or to be taken out by hand',
      ...WRITING_EXITS,
    },
    run: async (input, terminal) => {
      const [form, ...others] = formsOf(input);
      const from = textOf(input.values.from);
      const to = textOf(input.values.to);
      if (!form || others.length > 0 || !from || !to) {
        throw new UsageError('give one of --form, --form-handler, --landing-page, and both --from and --to');
      }
      const { moveCommand } = await import('../repair/move.ts');
      const { apply, json, 'show-people': showPeople } = input.values;
      return await moveCommand(
        {
          config: configFile(input, terminal),
          ...{ form, from, to },
          apply: textOf(apply),
          showPeople: showPeople === true,
          json: json === true,
        },
        terminal,
      );
    },
  },
];

function formsOf({ values }: Input): { kind: AssetKind; name: string }[] {
  return Object.entries(FORMS).flatMap(([option, kind]) => {
    const name = textOf(values[option]);
    return name === undefined ? [] : [{ kind, name }];
  });
}
