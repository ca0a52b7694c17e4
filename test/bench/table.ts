import { boundOf, type Figure, rounded, verdictOf } from './figures.ts';

export interface Measured {
  readonly section: string;
  readonly figures: readonly Figure[];
}

const HEAD = ['', 'measured', 'goal', '', 'beside it'] as const;

/** All figures as one table, section by section. */
export function render(measured: readonly Measured[]): string {
  const lines = measured.flatMap(({ section, figures }) => [[section], ...figures.map(cells), []]);
  const all: readonly (readonly string[])[] = [HEAD, ...lines];
  const widths = HEAD.map((_, column) =>
    Math.max(...all.map((line) => (line.length > 1 ? (line[column]?.length ?? 0) : 0))),
  );
  return all
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function cells(figure: Figure): string[] {
  const { name, value, unit, goal, beside = '' } = figure;
  const wanted = goal ? `${goal.id} ${boundOf(goal)}` : '';
  return [`  ${name}`, `${rounded(value)} ${unit}`, wanted, verdictOf(figure), beside];
}
