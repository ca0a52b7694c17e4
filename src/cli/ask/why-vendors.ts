/** What the vendors answered when they were asked about one person. Instants are ISO 8601 UTC or null. */
export interface VendorsSay {
  readonly prospects: readonly {
    readonly id: number;
    readonly deleted: boolean;
    readonly last_activity_at: string | null;
  }[];
  readonly livestorm: readonly {
    readonly session_id: string;
    readonly name: string;
    readonly registered_at: string | null;
    readonly role: string | null;
  }[];
}

export function renderVendors({ prospects, livestorm }: VendorsSay): string[] {
  const newest = (at: string | null): string => (at === null ? 'no activity' : `last activity ${at}`);
  return [
    'Asked now',
    ...(prospects.length === 0 ? ['  Account Engagement: no prospect has this address'] : []),
    ...prospects.map(
      ({ id, deleted, last_activity_at }) =>
        `  Account Engagement: prospect ${id}, ${newest(last_activity_at)}${deleted ? ', in the recycle bin' : ''}`,
    ),
    ...livestorm.map(
      ({ name, session_id, registered_at, role }) =>
        `  Livestorm, ${name} (${session_id}): ${registered_at ? `registered ${registered_at}, ${role?.replace('_', ' ')}` : 'not registered'}`,
    ),
  ];
}
