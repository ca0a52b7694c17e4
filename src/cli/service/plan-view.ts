import type { Effect, EffectKind } from '../../store/effects.ts';
import type { Store } from '../../store/store.ts';
import { table } from '../table.ts';

const WHAT: Readonly<Record<EffectKind, string>> = {
  salesforce_campaign: 'create Salesforce campaign',
  pardot_list: 'create Pardot list',
  link_rename: 'rename campaign and list',
  livestorm_registration: 'register in Livestorm',
  livestorm_unregistration: 'unregister in Livestorm',
  livestorm_backfill: 'register in Livestorm (backfill)',
  prospect: 'create or update prospect',
  list_membership: 'add to Pardot list',
  list_removal: 'remove from Pardot list',
  external_activity: 'add external activity',
  prospect_fields: 'write prospect fields',
  prospect_import: 'import prospects',
  membership_import: 'import list memberships',
  fields_import: 'import prospect fields',
};

/** What a dry run would have sent, for people. */
export function renderPlan(store: Store): string {
  const open = store.effects.open().filter(({ state }) => state !== 'dead');
  if (open.length === 0) return 'Nothing would be sent.\n';
  const rows = open.map((effect) => [WHAT[effect.kind], subject(store, effect), effect.sessionId ?? '']);
  return `Would be sent (nothing was):\n${table(['what', 'for', 'session'], rows)}`;
}

function subject(store: Store, effect: Effect): string {
  if (effect.kind.startsWith('livestorm_') || effect.kind === 'prospect') return effect.emailKey ?? '';
  if (effect.kind === 'external_activity') return effect.naturalKey.split('/').slice(1).join(' ');
  if (effect.prospectId !== null) return `prospect ${effect.prospectId}`;
  return store.links.get(effect.naturalKey)?.name ?? effect.naturalKey;
}
