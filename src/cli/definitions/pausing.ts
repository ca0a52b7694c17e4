import { type Definition, define, WRITING_EXITS } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, REASON } from '../option.ts';

const FLOWS = 'FLOW: form_registrations, registrants, attendance, replays or all (default)';

export const PAUSING: readonly Definition[] = [
  define({
    name: 'pause',
    summary: `send nothing of a flow until it is resumed, but go on reading. ${FLOWS}`,
    positionals: ['[FLOW]'],
    options: { ...CONFIG, ...REASON, ...JSON_OUT },
    exits: WRITING_EXITS,
    run: async ({ values, positionals: [flow] }, terminal) => {
      const { pauseCommand } = await import('../repair/pause.ts');
      return await pauseCommand({ ...values, flow }, terminal);
    },
  }),
  define({
    name: 'resume',
    summary: `send what a pause kept back. ${FLOWS}`,
    positionals: ['[FLOW]'],
    options: {
      ...CONFIG,
      ...REASON,
      yes: flag('also when more than 50 people would be registered and mailed'),
      ...JSON_OUT,
    },
    exits: { 3: 'nothing was resumed: more than 50 people would be mailed, add --yes', ...WRITING_EXITS },
    run: async ({ values, positionals: [flow] }, terminal) => {
      const { resumeCommand } = await import('../repair/pause.ts');
      return await resumeCommand({ ...values, flow }, terminal);
    },
  }),
];
