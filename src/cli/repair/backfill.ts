import { type Clock, DAY, isoSeconds, systemClock } from '../../clock.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { UsageError } from '../../errors.ts';
import { registrationRules } from '../../jobs.ts';
import { eventFilter } from '../../reconcile/event-filter.ts';
import { applyBackfill, type BackfillPlan, planBackfill } from '../../repair/backfill.ts';
import { NotPossibleError } from '../../repair/not-possible.ts';
import type { BackfillScope } from '../../repair/plan-backfill.ts';
import { openStoreBeside } from '../../store/store.ts';
import { type BesideOptions, tell } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { type Vendors, withVendors } from '../vendors.ts';
import { backfillJson, renderBackfill } from './backfill-view.ts';

export interface BackfillOptions extends BesideOptions {
  /** A day or an instant, ISO 8601, UTC unless it says otherwise. */
  readonly since: string | undefined;
  readonly session: string | undefined;
  readonly form: string | undefined;
  readonly ended: boolean;
  readonly limit: string | undefined;
  /** The hash of the plan that was shown. */
  readonly apply: string | undefined;
  /** Show addresses. */
  readonly people: boolean;
}

/** Without `--since`, and at most: reading is one call for 1,000 submissions of any form. */
const DEFAULT_SINCE = 90 * DAY;
const LONGEST_SINCE = 366 * DAY;

/**
 * `backfill`: shows whom it would register; with `apply` the plan of that hash is put into the outbox. Returns 0; 1 when
 * the plan is another by now, nothing applied. Rejects with `NotPossibleError` when it may not be applied.
 */
export async function backfillCommand(options: BackfillOptions, terminal: Terminal): Promise<number> {
  const config = await loadConfig(options.config, terminal.env);
  const clock = terminal.clock ?? systemClock;
  const scope = scopeOf(options, clock.now());
  const limit = options.limit === undefined ? config.safety.backfillLimit : wholeNumber(options.limit);
  if (!config.flows.formRegistrations) {
    throw new NotPossibleError('flows.form_registrations is off: nobody would be registered');
  }
  const plan = await withVendors(config, terminal, (vendors) =>
    planBackfill(partsOf(config, vendors, clock), scope),
  );
  const isSame = options.apply === plan.hash;
  const isAllowed = plan.people.length <= limit;
  if (isSame && !isAllowed) throw tooMany(plan.people.length, limit);
  const applied = isSame ? apply(config, plan, clock.now()) : null;
  const view = { plan, limit, applied, isStale: options.apply !== undefined && !isSame };
  tell(options, terminal, backfillJson(view), renderBackfill(view, options.people));
  return view.isStale ? EXIT.failure : EXIT.ok;
}

function apply(config: Config, plan: BackfillPlan, nowMs: number): number {
  using store = openStoreBeside(config.stateDir);
  return applyBackfill(store, plan, nowMs);
}

function partsOf(
  config: Config,
  { store, livestorm, pardot, call }: Vendors,
  clock: Clock,
): Parameters<typeof planBackfill>[0] {
  const activatedAtMs = store.meta.activatedAtMs() ?? clock.now();
  return {
    ...{ store, livestorm, pardot, call, clock },
    rules: registrationRules(config),
    prospectFields: [...new Set(config.fields.registration.values())],
    linkRules: {
      activatedAtMs,
      isEventWanted: eventFilter(config.links.events),
      existing: config.links.existing,
    },
  };
}

function scopeOf({ since, session, form, ended }: BackfillOptions, nowMs: number): BackfillScope {
  if (since === undefined && session === undefined && form === undefined) {
    throw new UsageError('it is not said what to backfill', {
      hint: 'give --since, --session or --form',
    });
  }
  return { sinceMs: sinceOf(since, nowMs), sessionId: session, form, ended };
}

function sinceOf(text: string | undefined, nowMs: number): number {
  if (text === undefined) return nowMs - DEFAULT_SINCE;
  const atMs = Date.parse(text);
  const hint = 'write a day like 2026-03-01 or an instant like 2026-03-01T09:00:00Z';
  if (Number.isNaN(atMs)) throw new UsageError(`--since ${text} is no time`, { hint });
  if (atMs > nowMs) throw new UsageError(`--since ${text} is in the future`, { hint });
  if (nowMs - atMs > LONGEST_SINCE) {
    throw new UsageError(`--since ${text} is more than a year ago`, {
      hint: `not before ${isoSeconds(nowMs - LONGEST_SINCE)}`,
    });
  }
  return atMs;
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`--limit ${text} is no number of people`);
}

function tooMany(count: number, limit: number): NotPossibleError {
  return new NotPossibleError(`${count} people are more than the limit of ${limit}: nothing was applied`, {
    hint: 'narrow it down with --since, --session or --form, or say --limit NUMBER',
  });
}
