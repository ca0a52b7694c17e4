/**
 * Measures what the connector costs and how fast it is, beside its goals. Prints a table; `--json FILE` writes the
 * figures. Ends with 0 also when a goal is missed, with 1 when a scenario broke.
 *
 *   npm run bench                       everything, in some minutes
 *   npm run bench -- latency calls      these sections
 *   npm run bench -- --full --json bench.json
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, rounded, verdictOf } from './figures.ts';
import { burst } from './sections/burst.ts';
import { calls } from './sections/calls.ts';
import { growth } from './sections/growth.ts';
import { idle } from './sections/idle.ts';
import { latency } from './sections/latency.ts';
import { ledger } from './sections/ledger.ts';
import { memory } from './sections/memory.ts';
import { program } from './sections/program.ts';
import { soak } from './sections/soak.ts';
import { type Measured, render } from './table.ts';

export interface BenchOptions {
  /** The sizes that take long, too. */
  readonly full: boolean;
}

type Section = (options: BenchOptions) => Promise<Figure[]>;

const SECTIONS: Readonly<Record<string, Section>> = {
  calls,
  idle,
  latency,
  burst,
  ledger,
  program,
  memory,
  growth,
  soak,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, full: { type: 'boolean', default: false } },
});
const unknown = positionals.find((name) => !(name in SECTIONS));
if (unknown !== undefined) {
  process.stderr.write(`no section ${unknown}; there are ${Object.keys(SECTIONS).join(', ')}\n`);
  process.exit(2);
}

const measured: Measured[] = [];
for (const [section, measure] of Object.entries(SECTIONS)) {
  if (positionals.length > 0 && !positionals.includes(section)) continue;
  const startedAt = performance.now();
  process.stderr.write(`${section} …`);
  try {
    measured.push({ section, figures: await measure({ full: values.full }) });
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(
      ` broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  process.stderr.write(` ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}
process.stdout.write(render(measured));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report(), null, 2)}\n`);

function report(): object {
  return {
    machine: {
      node: process.version,
      cores: availableParallelism(),
      cpu: cpus()[0]?.model ?? 'unknown',
      memoryMiB: Math.round(totalmem() / 2 ** 20),
    },
    full: values.full,
    figures: measured.flatMap(({ section, figures }) =>
      figures.map((figure) => ({
        section,
        ...figure,
        value: rounded(figure.value),
        verdict: verdictOf(figure),
      })),
    ),
  };
}
