import { isoSeconds } from '../clock.ts';
import { OUTCOMES } from '../domain.ts';
import { MAX_ATTEMPTS } from '../reconcile/backoff.ts';
import type { Effect, EffectKind } from '../store/effects.ts';

const WORDS: Readonly<Record<EffectKind, string>> = {
  salesforce_campaign: 'campaign in Salesforce',
  pardot_list: 'list in Account Engagement',
  link_rename: 'new name of campaign and list',
  livestorm_registration: 'registration in Livestorm',
  livestorm_backfill: 'registration in Livestorm (backfill)',
  livestorm_unregistration: 'taken out of the session in Livestorm',
  prospect: 'prospect in Account Engagement',
  list_membership: 'put on list',
  list_removal: 'taken off list',
  external_activity: 'external activity',
  prospect_fields: 'attendance fields',
  prospect_import: 'import of prospects',
  membership_import: 'import of list members',
  fields_import: 'import of fields',
};

/** How one write to a vendor stands, for people to read. */
export interface EffectState {
  /** When it ended, or was wanted. */
  readonly atMs: number;
  readonly text: string;
  /** What happens next; null when it is over. */
  readonly next: string | null;
}

/** What the effect is about, and how far it has come. */
export function effectState(effect: Effect): EffectState {
  const what = wordsFor(effect);
  const atMs = effect.finishedAtMs ?? effect.createdAtMs;
  const due = isoSeconds(effect.nextAttemptAtMs);
  const why = effect.problem ? `: ${effect.problem.message}` : '';
  const state = (text: string, next: string | null = null): EffectState => ({ atMs, text, next });
  if (effect.carriedBy !== null)
    return state(`${what}: goes along in an import`, 'the import ends by itself');
  switch (effect.state) {
    case 'done':
      return state(`${what}: done${effect.reason ? `, ${OUTCOMES[effect.reason]}` : ''}`);
    case 'skipped':
      return state(`${what}: not done, ${effect.reason ? OUTCOMES[effect.reason] : instead(effect)}`);
    case 'dead':
      return state(`${what}: given up${why}`, effect.problem?.hint ?? 'see livestorm-pardot failed list');
    case 'sending':
      return state(`${what}: on its way`, 'its answer is awaited');
    case 'unknown':
      return state(`${what}: may have been applied${why}`, `looked for at ${due}`);
    case 'parked':
      return state(`${what}: waits${why}`, `tried again at ${due}`);
    case 'pending':
      return effect.attempts === 0
        ? state(`${what}: planned`, `sent as soon as the service runs, from ${due} on`)
        : state(`${what}: failed ${effect.attempts} of ${MAX_ATTEMPTS} times${why}`, `retried at ${due}`);
  }
}

/** Why an effect was not needed. */
function instead({ kind }: Effect): string {
  return kind === 'external_activity'
    ? 'the prospect has been told under another address'
    : 'something newer took its place';
}

function wordsFor({ kind, payload }: Effect): string {
  const { type, listId } = (payload ?? {}) as { type?: string; listId?: number };
  if (kind === 'external_activity' && type) return `external activity ${type}`;
  if (listId !== undefined) return `${WORDS[kind]} ${listId}`;
  return WORDS[kind];
}
