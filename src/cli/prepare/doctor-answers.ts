import { readAllowance as readLivestorm } from '../../clients/livestorm-answers.ts';
import { readAllowance as readPardot } from '../../clients/pardot-answers.ts';
import type { Config } from '../../config/config.ts';
import { tellClock, type VendorTime } from '../../doctor/clock-skew.ts';
import type { Finding } from '../../doctor/finding.ts';
import { tellQuota } from '../../doctor/quota.ts';
import { VENDORS, type Vendor } from '../../domain.ts';
import type { Allowance } from '../../governor/governor.ts';
import type { WitnessedAnswer } from './answer-witness.ts';

/** What answers say besides what was asked: their number, the vendors' time, and the calls that are left. */
export class Answers {
  readonly #config: Config;
  readonly #all: { readonly vendor: Vendor; readonly answer: WitnessedAnswer }[] = [];

  constructor(config: Config) {
    this.#config = config;
  }

  add(answer: WitnessedAnswer): void {
    this.#all.push({ vendor: this.#vendorAt(answer.origin), answer });
  }

  /** Calls that were answered, token requests among them. */
  calls(): Record<Vendor, number> {
    const countOf = (vendor: Vendor): number => this.#all.filter((seen) => seen.vendor === vendor).length;
    return { livestorm: countOf('livestorm'), pardot: countOf('pardot'), salesforce: countOf('salesforce') };
  }

  clock(): Finding[] {
    return tellClock(this.#all.flatMap(({ vendor, answer }) => timeOf(vendor, answer)));
  }

  quota(): Finding[] {
    const { livestorm, pardot } = this.#config;
    const budgets = { livestorm: livestorm.monthlyBudget, pardot: pardot.dailyBudget, salesforce: null };
    return VENDORS.flatMap((vendor) => {
      const last = this.#all
        .filter((seen) => seen.vendor === vendor)
        .map(({ answer }) => allowanceIn(vendor, answer))
        .findLast(({ remaining }) => remaining !== undefined);
      return last ? tellQuota(vendor, last, budgets[vendor]) : [];
    });
  }

  /** Salesforce answers at its login host and at the instance that it names. */
  #vendorAt(origin: string): Vendor {
    if (origin === new URL(this.#config.livestorm.baseUrl).origin) return 'livestorm';
    return origin === new URL(this.#config.pardot.baseUrl).origin ? 'pardot' : 'salesforce';
  }
}

function timeOf(vendor: Vendor, { headers, sentAtMs, answeredAtMs }: WitnessedAnswer): VendorTime[] {
  const dateMs = Date.parse(headers.date ?? '');
  return Number.isNaN(dateMs) ? [] : [{ vendor, dateMs, sentAtMs, answeredAtMs }];
}

function allowanceIn(vendor: Vendor, { headers, answeredAtMs }: WitnessedAnswer): Allowance {
  if (vendor === 'livestorm') return readLivestorm(headers, answeredAtMs);
  if (vendor === 'pardot') return readPardot(headers);
  // salesforce.md §2.6
  const usage = /api-usage=(\d+)\/(\d+)/.exec(headers['sforce-limit-info'] ?? '');
  return usage ? { limit: Number(usage[2]), remaining: Number(usage[2]) - Number(usage[1]) } : {};
}
