import type { ConfigError } from '../errors.ts';

/** One line per problem: `config.yaml:12:5  fields.registration.company: … — fix`. */
export function renderProblems(error: ConfigError): string {
  const file = error.file ?? 'configuration';
  return error.problems
    .map(({ path, line, column, message, fix }) => {
      const where = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
      return `${where}  ${path === '' ? '' : `${path}: `}${message} — ${fix}`;
    })
    .join('\n');
}
