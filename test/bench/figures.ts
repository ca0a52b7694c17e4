/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `s`, `MiB`, `calls/person` … */
  readonly unit: string;
  readonly goal?: Goal;
  /** What the hosted connector, the vendor or physics has for it. */
  readonly beside?: string;
}

export interface Goal {
  /** As in the list of figures to reach: L1, Q3 … */
  readonly id: string;
  readonly most?: number;
  readonly least?: number;
}

export type Verdict = 'reached' | 'short of' | '';

/** Whether the goal is reached; empty when the figure has none. */
export function verdictOf({ value, goal }: Figure): Verdict {
  if (!goal) return '';
  const { most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY } = goal;
  return value >= least && value <= most ? 'reached' : 'short of';
}

/** `<= 65`, `>= 90`, `0`; empty without a goal. */
export function boundOf(goal: Goal | undefined): string {
  if (goal?.most !== undefined) return goal.most === 0 ? '0' : `<= ${goal.most}`;
  return goal?.least === undefined ? '' : `>= ${goal.least}`;
}

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. Throws when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  const value = ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/**
 * The exponent by which cost grows with size: 1 is linear, 2 quadratic, 0 constant (least squares over the logarithms).
 * Throws for fewer than two different sizes.
 */
export function slope(points: readonly { readonly size: number; readonly cost: number }[]): number {
  const logs = points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }));
  const meanX = mean(logs.map(({ x }) => x));
  const meanY = mean(logs.map(({ y }) => y));
  const spread = logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) throw new RangeError('two different sizes are needed');
  return logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Three significant digits, never an exponent. */
export function rounded(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toFixed(Math.min(digits, 6)));
}
