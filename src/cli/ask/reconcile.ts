import { systemClock } from '../../clock.ts';
import { loadConfig } from '../../config/load.ts';
import { RefusedError, RetryableError, UsageError } from '../../errors.ts';
import { plural } from '../../plural.ts';
import { linkTargets } from '../../questions/form-routes.ts';
import type { LinkTarget } from '../../questions/link-facts.ts';
import { compareSides, isUnexplained } from '../../questions/reconcile.ts';
import {
  callsFor,
  expectedBySession,
  recentTargets,
  submissionsSinceMs,
} from '../../questions/reconcile-reading.ts';
import type { RegistrationRules } from '../../reconcile/plan-registrations.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { type Vendors, withVendors } from '../vendors.ts';
import { thereAre } from '../words.ts';
import { type ReconcileView, reconcileJson, renderReconcile } from './reconcile-view.ts';

export interface ReconcileOptions {
  readonly config: string;
  /** Only this session; else those that are open or ended in the last week. */
  readonly session: string | undefined;
  /** Every linked session. */
  readonly all: boolean;
  readonly showPeople: boolean;
  readonly json: boolean;
}

/**
 * `reconcile`: compares who submitted, as Account Engagement has it now, with who is registered, as Livestorm has it
 * now, and explains every difference from the state. Returns 3 when one is left unexplained.
 */
export async function reconcileCommand(options: ReconcileOptions, terminal: Terminal): Promise<number> {
  const config = await loadConfig(options.config, terminal.env);
  const nowMs = (terminal.clock ?? systemClock).now();
  const rules = { ...config.safety, fields: config.fields.registration };
  return await withVendors(config, terminal, async (vendors) => {
    const linked = linkTargets(vendors.store).filter(({ link }) => link.pardotCampaignId !== null);
    const { session: id } = options;
    const targets =
      id !== undefined
        ? linked.filter(({ session }) => session.id === id)
        : options.all
          ? linked
          : recentTargets(linked, nowMs);
    if (id !== undefined && targets.length === 0) {
      const known = linked.map(({ session, link }) => `${session.id}  ${link.name}`);
      throw new UsageError(`no linked session ${id}; ${thereAre(known)}`);
    }
    const view = await readBoth(vendors, targets, rules, nowMs, terminal);
    const { showPeople } = options;
    terminal.write(
      options.json
        ? `${JSON.stringify(reconcileJson(view, showPeople), null, 2)}\n`
        : renderReconcile(view, showPeople),
    );
    const isExplained = view.sessions.every(({ difference }) => !difference?.missing.some(isUnexplained));
    return isExplained ? EXIT.ok : EXIT.partial;
  });
}

async function readBoth(
  vendors: Vendors,
  targets: readonly LinkTarget[],
  rules: RegistrationRules,
  nowMs: number,
  terminal: Terminal,
): Promise<ReconcileView> {
  const { store, pardot, call } = vendors;
  const sinceMs = submissionsSinceMs(targets, store.meta.activatedAtMs() ?? nowMs);
  const calls = targets.length === 0 ? { livestorm: 0, pardot: 0 } : callsFor(store, targets, sinceMs);
  terminal.writeError(
    `reading ${plural(targets.length, 'session')}: about ${plural(calls.livestorm, 'call')} to Livestorm, ${calls.pardot} to Account Engagement\n`,
  );
  if (targets.length === 0) return { calls, sessions: [] };
  const submissions = await pardot.listSubmissions({ createdSinceMs: sinceMs, prospectFields: [] }, call);
  const expected = expectedBySession(store, submissions, rules, nowMs);
  const sessions: ReconcileView['sessions'][number][] = [];
  for (const target of targets) {
    const { id } = target.session;
    const registrants = await readPeople(vendors, id);
    const sides = registrants && {
      expected: expected.get(id) ?? [],
      registrants,
      registrationOf: (key: string) => store.registrations.get(id, key),
      lastReadOf: (key: string) => store.registrants.get(id, key),
    };
    sessions.push({ target, difference: sides && compareSides(sides, nowMs) });
  }
  return { calls, sessions };
}

/** null when the session no longer exists. */
async function readPeople({ livestorm, call }: Vendors, sessionId: string) {
  try {
    const { registrants, complete } = await livestorm.listRegistrants(sessionId, call);
    if (complete) return registrants;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  }
  throw new RetryableError('a people list changed while it was read', {
    vendor: 'livestorm',
    operation: 'GET /sessions/{id}/people',
    applied: 'not_applied',
    hint: 'run it again',
  });
}
