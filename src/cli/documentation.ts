import { COMMANDS, usage } from './commands.ts';
import type { Definition } from './definition.ts';

const INTRODUCTION = `# Commands

As \`livestorm-pardot COMMAND --help\` tells them. On a server with the service: \`livestorm-pardot COMMAND\`, as root, which
finds configuration, secrets and state where the service has them; with several business units
\`livestorm-pardot --instance NAME COMMAND\`. In a checkout: \`npm run livestorm-pardot -- COMMAND\`.

What they print, and when to use which, is shown in [operating.md](operating.md). With \`--json\` errors are JSON on
standard output, too: \`{ "error": { "class", "message", "hint" } }\`, with \`problems\` when the configuration is wrong.

| exit code | means                                                                    |
| --------- | ------------------------------------------------------------------------ |
| 0         | done                                                                     |
| 1         | failed, or problems were found; the text says what to do                 |
| 2         | wrong command or option                                                  |
| 3         | done in part, or something is left to do or to look at                   |
| 75        | not now: in use, a vendor cannot be reached or grants no calls; try again |
| 77        | credentials are refused, or a permission is missing                      |
| 78        | the configuration is wrong                                               |
`;

/** The text of `docs/commands.md`, derived from the definitions of the commands. */
export function renderCommandsDoc(): string {
  return [INTRODUCTION, ...Object.entries(COMMANDS).map(renderGroup)].join('\n');
}

function renderGroup([title, definitions]: readonly [string, readonly Definition[]]): string {
  return [`## ${title}`, '', ...definitions.map(renderCommand)].join('\n');
}

function renderCommand(definition: Definition): string {
  return [`### \`${definition.name}\``, '', '```text', usage(definition).trimEnd(), '```', ''].join('\n');
}
