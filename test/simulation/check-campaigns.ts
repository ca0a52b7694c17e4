import type { Expectations, Linked } from './expectations.ts';

/** One campaign and one list for every session that deserves them, named after it; none for any other. */
export function* checkCampaigns(expected: Expectations): Generator<string> {
  const { salesforce, pardot } = expected.sim.sandbox;
  for (const linked of expected.linked) {
    const { sessionId } = linked.past;
    const campaigns = salesforce.world.campaigns().filter(({ externalId }) => externalId === sessionId);
    const lists = pardot.world.lists().filter(({ description }) => description?.includes(sessionId));
    const deserves = expected.deservesLink(linked);
    if (deserves === 'no' && campaigns.length + lists.length > 0) yield `${sessionId} was linked`;
    if (campaigns.length > 1) yield `${sessionId} has ${campaigns.length} campaigns`;
    if (lists.length > 1) yield `${sessionId} has ${lists.length} lists`;
    if (deserves !== 'yes') continue;
    if (linked.isByHand) {
      yield* checkByHand(expected, linked, campaigns.length, lists.length);
      continue;
    }
    if (campaigns.length === 0) yield `${sessionId} has no campaign`;
    if (lists.length === 0) yield `${sessionId} has no list`;
    yield* checkNames(
      expected,
      linked,
      [...campaigns, ...lists].map(({ name }) => name),
    );
  }
  const strays = salesforce.world
    .campaigns()
    .filter(({ externalId }) => externalId !== null && !expected.sim.history.sessions.has(externalId));
  for (const { name } of strays) yield `the campaign ${name} belongs to no session`;
}

/** Nothing is made where the configuration names what there is, and its names are left as they are. */
function* checkByHand(
  { sim: { stage, sandbox } }: Expectations,
  { past: { sessionId } }: Linked,
  campaigns: number,
  lists: number,
): Generator<string> {
  const { campaignId, listId } = stage.linkOf(sessionId) ?? {};
  if (campaigns > 0) yield `${sessionId} is tied to ${campaignId} and got another campaign`;
  const wanted = listId === null ? 1 : 0;
  if (lists !== wanted) yield `${sessionId} is tied to list ${listId} and got ${lists} lists`;
  const { world } = sandbox.pardot;
  const names = [...world.campaigns(), ...world.lists()].filter(
    ({ id }) => id === campaignId || id === listId,
  );
  for (const { name } of names) {
    if (name !== 'Made by hand') yield `what was made by hand is called ${name}`;
  }
}

/** The names carry the title and the time of the session, also after it was moved. */
function* checkNames(
  expected: Expectations,
  { past, view }: Linked,
  names: readonly string[],
): Generator<string> {
  if (!view) return;
  const title = expected.sim.sandbox.livestorm.world.event(past.eventId).title;
  const date = `${new Date(view.startsAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const wasMoved = past.movedAtMs !== undefined;
  const hadTime =
    !wasMoved ||
    expected.was(
      past,
      ['upcoming'],
      past.movedAtMs ?? 0,
      expected.sim.history.settledBy((past.movedAtMs ?? 0) + 60 * 60_000),
    ) === 'throughout';
  for (const name of names) {
    if (!name.startsWith(title)) yield `${name} does not carry the title ${title}`;
    if (hadTime && !name.includes(date)) yield `${name} does not carry the time ${date}`;
  }
}
