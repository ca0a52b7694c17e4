/**
 * What can go wrong on the way, besides what the vendors themselves refuse.
 * `*_before` and `refuse` happen instead of the request being applied; `*_after` let it be applied first.
 */
export const FAULT_KINDS = [
  'reset_before',
  'reset_after',
  'stall_before',
  'stall_after',
  'cut_body',
  'stall_body',
  'html_500_before',
  'html_500_after',
  'html_503',
  'empty_body',
  'redirect',
  'status',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultRule {
  readonly vendor: 'livestorm' | 'pardot' | 'salesforce';
  readonly kind: FaultKind;
  /** Only requests whose `METHOD path` matches; all of the vendor's when absent. */
  readonly match?: RegExp;
  /** How many matching requests pass unharmed first. */
  readonly skip?: number;
  /** How many requests are hit; unlimited when absent. */
  readonly times?: number;
  /** For `status`: the answer given instead. */
  readonly reply?: { status: number; headers?: Record<string, string>; body?: string };
}

interface ArmedFault {
  readonly rule: FaultRule;
  skip: number;
  left: number;
  hits: number;
}

/** The armed faults of one sandbox. */
export class Faults {
  #armed: ArmedFault[] = [];

  arm(rule: FaultRule): void {
    this.#armed.push({
      rule,
      skip: rule.skip ?? 0,
      left: rule.times ?? Number.POSITIVE_INFINITY,
      hits: 0,
    });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly { rule: FaultRule; left: number; hits: number }[] {
    return this.#armed;
  }

  /** The fault that hits this request, if any; counts it. */
  take(vendor: string, methodAndPath: string): FaultRule | undefined {
    for (const fault of this.#armed) {
      if (fault.rule.vendor !== vendor || fault.left <= 0) continue;
      if (fault.rule.match && !fault.rule.match.test(methodAndPath)) continue;
      if (fault.skip > 0) {
        fault.skip--;
        continue;
      }
      fault.left--;
      fault.hits++;
      return fault.rule;
    }
    return undefined;
  }
}
