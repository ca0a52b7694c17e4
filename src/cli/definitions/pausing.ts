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
import type { Terminal } from '../terminal.ts';

const FLOWS = 'FLOW: form_registrations, registrants, attendance, replays or all (default)';

export const PAUSING: readonly Definition[] = [
  {
    name: 'pause',
    summary: `send nothing of a flow until it is resumed, but go on reading. ${FLOWS}`,
    positionals: ['[FLOW]'],
    options: { ...CONFIG, reason: { type: 'string' }, ...JSON_OUT },
    help: { ...CONFIG_HELP, 'reason TEXT': 'for the audit trail', ...JSON_HELP },
    exits: WRITING_EXITS,
    run: async (input, terminal) => {
      const { pauseCommand } = await import('../repair/pause.ts');
      return await pauseCommand(optionsOf(input, terminal), terminal);
    },
  },
  {
    name: 'resume',
    summary: `send what a pause kept back. ${FLOWS}`,
    positionals: ['[FLOW]'],
    options: { ...CONFIG, reason: { type: 'string' }, yes: { type: 'boolean' }, ...JSON_OUT },
    help: {
      ...CONFIG_HELP,
      'reason TEXT': 'for the audit trail',
      yes: 'also when more than 50 people would be registered and mailed',
      ...JSON_HELP,
    },
    exits: { 3: 'nothing was resumed: more than 50 people would be mailed, add --yes', ...WRITING_EXITS },
    run: async (input, terminal) => {
      const { resumeCommand } = await import('../repair/pause.ts');
      const yes = input.values.yes === true;
      return await resumeCommand({ ...optionsOf(input, terminal), yes }, terminal);
    },
  },
];

function optionsOf(input: Input, terminal: Terminal) {
  return {
    config: configFile(input, terminal),
    json: input.values.json === true,
    flow: input.positionals[0],
    reason: textOf(input.values.reason),
  };
}
