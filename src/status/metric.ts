/** One metric with all its samples, in the words of Prometheus. */
export interface Metric {
  /** Without the part that all of ours share. */
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** `_bucket`, `_sum` or `_count` of a histogram. */
  readonly suffix?: string;
}

/** The text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). Metrics without samples are left out. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(
        ({ suffix = '', labels, value }) => `${name}${suffix}${labelText(labels)} ${valueText(value)}\n`,
      );
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels ?? {}).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(12)));
}

export function gauge(name: string, help: string, samples: readonly Sample[] | number | null): Metric {
  return { name, help, type: 'gauge', samples: samplesOf(samples) };
}

/** The name ends in `_total`. */
export function counter(name: string, help: string, samples: readonly Sample[] | number | null): Metric {
  return { name, help, type: 'counter', samples: samplesOf(samples) };
}

function samplesOf(samples: readonly Sample[] | number | null): readonly Sample[] {
  if (samples === null) return [];
  return typeof samples === 'number' ? [{ value: samples }] : samples;
}
