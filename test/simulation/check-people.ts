import type { ProspectView } from '../../src/sandbox/pardot/prospect-view.ts';
import type { Expectations, Linked } from './expectations.ts';
import { keyOf } from './people.ts';

const MINUTE = 60_000;
/** How late a prospect may still be unseen (pardot.md §2.4), with what a request takes. */
const UNSEEN_MS = 2 * MINUTE;

/** Prospects: none changed that should not be, none made twice, none revived, the right ones on the right lists. */
export function* checkPeople(expected: Expectations): Generator<string> {
  const prospects = expected.sim.sandbox.pardot.world.prospects();
  for (const prospect of prospects) {
    yield* checkSource(expected, prospect);
    yield* checkBin(expected, prospect);
    yield* checkWrites(expected, prospect);
  }
  yield* checkMade(expected, prospects);
  for (const linked of expected.linked) yield* checkList(expected, linked, prospects);
}

function wasMadeByApi(expected: Expectations, { id }: ProspectView): boolean {
  return !expected.sim.history.sourceCampaigns.has(id);
}

/** Existing prospects keep their source campaign, those that we make carry that of a session they are in. */
function* checkSource(expected: Expectations, prospect: ProspectView): Generator<string> {
  const { history } = expected.sim;
  const { id, email, campaignId } = prospect;
  if (!wasMadeByApi(expected, prospect)) {
    const source = history.sourceCampaigns.get(id) ?? null;
    if (campaignId !== source)
      yield `prospect ${id} (${email}) had source campaign ${source}, now ${campaignId}`;
    return;
  }
  const keys = keysEver(expected, prospect);
  const own = expected.linked.filter(
    ({ past }) =>
      history.pageRegistrations.some(
        (each) => each.sessionId === past.sessionId && keys.includes(keyOf(each.email)),
      ) ||
      // Registered from the form of a prospect that is gone: a registrant like any other.
      history.submissions.some(
        (each) => keys.includes(keyOf(each.email)) && expected.touched.has(keyOf(each.email)),
      ),
  );
  if (!own.some((linked) => linked.campaignId === campaignId)) {
    yield `prospect ${id} (${email}) was made with campaign ${campaignId} of a session it is not in`;
  }
}

function keysEver(expected: Expectations, { id, email }: ProspectView): string[] {
  const changed = expected.sim.history.interventions.filter(({ prospectId }) => prospectId === id);
  return [...new Set([email ?? '', ...changed.flatMap(({ emails }) => emails)].map(keyOf))];
}

/** Who was put into the recycle bin stays there unless they submit a form again, and is written to no more. */
function* checkBin(expected: Expectations, prospect: ProspectView): Generator<string> {
  const { history } = expected.sim;
  const binned = history.interventions.findLast(
    ({ prospectId, what }) => prospectId === prospect.id && what === 'deleted',
  );
  if (!binned) return;
  const revived = history.submissions.some(
    (each) => each.prospectId === prospect.id && each.atMs >= binned.atMs,
  );
  if (!revived && !prospect.isDeleted)
    yield `prospect ${prospect.id} (${prospect.email}) came back from the recycle bin`;
  if (revived) return;
  const written = prospect.apiWrites.find(({ atMs }) => atMs > binned.atMs);
  if (written) yield `prospect ${prospect.id} (${prospect.email}) was written to in the recycle bin`;
}

/** People of forms are not written back to with what they filled in (no echo), and nothing is written twice. */
function* checkWrites(expected: Expectations, prospect: ProspectView): Generator<string> {
  const { history } = expected.sim;
  const isOfPage = history.pageRegistrations.some(({ email }) =>
    keysEver(expected, prospect).includes(keyOf(email)),
  );
  const isTouched = keysEver(expected, prospect).some((key) => expected.touched.has(key));
  for (const { operation, values } of prospect.apiWrites) {
    const stray = Object.keys(values).find((name) => !name.startsWith('Webinar_'));
    if (stray && operation !== 'create' && !isOfPage && !isTouched) {
      yield `prospect ${prospect.id} (${prospect.email}) got its ${stray} written back`;
    }
    if ('campaignId' in values && operation !== 'create' && !wasMadeByApi(expected, prospect)) {
      yield `prospect ${prospect.id} (${prospect.email}) got a campaign by ${operation}`;
    }
  }
}

/** One prospect at most is made for an address, and only when there is none to be seen. */
function* checkMade(expected: Expectations, prospects: readonly ProspectView[]): Generator<string> {
  const mayCreateNew = expected.everChose(({ recycleBin }) => recycleBin === 'create_new');
  const byKey = Map.groupBy(prospects, ({ email }) => keyOf(email ?? ''));
  for (const [key, all] of byKey) {
    const made = all.filter((prospect) => wasMadeByApi(expected, prospect));
    if (expected.touched.has(key)) continue;
    if (made.length > 1) yield `${made.length} prospects were made for ${key}`;
    const [ours] = made;
    if (!ours) continue;
    const before = all.find(
      ({ id, createdAtMs }) => id !== ours.id && createdAtMs < ours.createdAtMs - UNSEEN_MS,
    );
    const isAllowed = before && mayCreateNew && wasBinned(expected, before, ours.createdAtMs - UNSEEN_MS);
    if (before && !isAllowed) yield `a prospect was made for ${key} although there was ${before.id}`;
  }
}

/** Everybody of the session is on its list, with one prospect, the right one; nobody else is. */
function* checkList(
  expected: Expectations,
  linked: Linked,
  prospects: readonly ProspectView[],
): Generator<string> {
  const { listId, past } = linked;
  if (listId === undefined) return;
  const onList = prospects.filter(({ lists }) => lists.some((list) => list.listId === listId));
  for (const { email, registeredAtMs, registeredBy } of linked.people) {
    const key = keyOf(email);
    if (expected.touched.has(key) || past.statuses.at(-1)?.status === 'gone') continue;
    const members = onList.filter((prospect) => keyOf(prospect.email ?? '') === key);
    if (members.length > 1) yield `${key} is on the list of ${past.sessionId} ${members.length} times`;
    const isReadable =
      expected.was(
        past,
        ['upcoming', 'live', 'past'],
        registeredAtMs,
        expected.visibleBy(registeredAtMs) + 60 * MINUTE,
      ) === 'throughout';
    const candidates = rightProspects(expected, linked, key, prospects);
    // Who registered on the page while their prospect lay in the recycle bin was left alone then.
    const wasLeftAlone = registeredBy === 'page' && wasEverBinned(expected, key);
    if (members.length === 0 && isReadable && candidates.length > 0 && !wasLeftAlone) {
      yield `${key} is in ${past.sessionId} and not on its list`;
    }
    const [member] = members;
    if (member && !candidates.includes(member.id)) {
      yield `${key} is on the list of ${past.sessionId} as prospect ${member.id}, not ${candidates.join(' or ')}`;
    }
  }
  yield* checkStrangers(expected, linked, onList);
}

/** Whether the prospect was in the recycle bin at that moment: put there, and not brought back by a form since. */
function wasBinned({ sim: { history } }: Expectations, { id }: { readonly id: number }, ms: number): boolean {
  const binned = history.interventions.findLast(
    ({ prospectId, what, atMs }) => prospectId === id && what === 'deleted' && atMs <= ms,
  );
  if (!binned) return false;
  return !history.submissions.some(
    ({ prospectId, atMs }) => prospectId === id && atMs >= binned.atMs && atMs <= ms,
  );
}

function wasEverBinned({ sim: { history } }: Expectations, key: string): boolean {
  return history.interventions.some(({ emails }) => emails.some((email) => keyOf(email) === key));
}

/** Prospects that may stand for this person: that of a submission, else those that were the most recently active. */
export function rightProspects(
  expected: Expectations,
  linked: Linked,
  key: string,
  prospects: readonly ProspectView[],
): number[] {
  const { history } = expected.sim;
  const own = prospects.filter(({ email, isDeleted }) => keyOf(email ?? '') === key && !isDeleted);
  const submitted = expected.submissionsTo(linked).filter((each) => keyOf(each.email) === key);
  const right = new Set(submitted.map(({ prospectId }) => prospectId));
  const onPage = history.pageRegistrations.filter(
    (each) => each.sessionId === linked.past.sessionId && keyOf(each.email) === key,
  );
  // Who came while another left moved no count, and is seen when everybody is read after the end.
  const lastReadMs = expected.visibleBy((linked.view?.endedAtMs ?? 0) + 60 * MINUTE);
  for (const { atMs } of onPage) {
    const seenByMs = Math.max(expected.visibleBy(atMs) + 60 * MINUTE, lastReadMs);
    for (const id of mostActive(expected, own, atMs, seenByMs)) right.add(id);
    // Made by the daemon, however late: whether there was another by then is looked at where prospects are made.
    for (const prospect of own) if (wasMadeByApi(expected, prospect)) right.add(prospect.id);
  }
  const hasBin = prospects.some(({ email, isDeleted }) => keyOf(email ?? '') === key && isDeleted);
  // Left alone: nobody is made beside a prospect in the recycle bin.
  const mayLeaveAlone = expected.everChose(({ recycleBin }) => recycleBin === 'leave_alone');
  if (hasBin && mayLeaveAlone && submitted.length === 0 && own.length === 0) return [];
  return [...right];
}

/** The prospects with the most recent activity at any moment of the span, as it was or as it was seen. */
function mostActive(
  expected: Expectations,
  own: readonly ProspectView[],
  fromMs: number,
  toMs: number,
): number[] {
  const { history } = expected.sim;
  const activeAt = (prospect: ProspectView, ms: number): number => {
    const submitted = history.submissions.filter((each) => each.prospectId === prospect.id);
    const during = submitted.filter(({ atMs }) => atMs <= ms).map(({ atMs }) => atMs);
    // Before its first submission on stage it has the activity that it came with.
    const initial =
      submitted.length > 0
        ? (history.initialActivity.get(prospect.id) ?? 0)
        : (prospect.lastActivityAtMs ?? 0);
    return Math.max(initial, ...during);
  };
  const moments = [
    fromMs,
    toMs,
    ...history.submissions.map(({ atMs }) => atMs),
    ...own.map(({ createdAtMs }) => createdAtMs),
  ];
  const ids = new Set<number>();
  for (const ms of moments.filter((each) => each >= fromMs && each <= toMs)) {
    for (const lagMs of [0, UNSEEN_MS]) {
      // Whoever we made ourselves is known at once.
      const isSeen = ({ id, createdAtMs }: ProspectView): boolean =>
        createdAtMs <= ms - (history.sourceCampaigns.has(id) ? lagMs : 0) &&
        !wasBinned(expected, { id }, ms - lagMs);
      const seen = own.filter(isSeen);
      const [newest] = seen.toSorted(
        (a, b) => activeAt(b, ms - lagMs) - activeAt(a, ms - lagMs) || b.id - a.id,
      );
      if (newest) ids.add(newest.id);
    }
  }
  return [...ids];
}

function* checkStrangers(
  expected: Expectations,
  linked: Linked,
  onList: readonly ProspectView[],
): Generator<string> {
  const { history } = expected.sim;
  const { past } = linked;
  const removes = expected.alwaysChose(({ removeUnregistered }) => removeUnregistered);
  const asked = new Set([
    ...expected.submissionsTo(linked).flatMap((each) => [...expected.keysOf(each), keyOf(each.email)]),
    ...history.pageRegistrations
      .filter(({ sessionId }) => sessionId === past.sessionId)
      .map(({ email }) => keyOf(email)),
  ]);
  for (const prospect of onList) {
    const keys = keysEver(expected, prospect);
    if (keys.some((key) => expected.touched.has(key))) continue;
    if (!keys.some((key) => asked.has(key)))
      yield `${prospect.email} is on the list of ${past.sessionId} and has nothing to do with it`;
    const isIn = linked.people.some(({ email }) => keys.includes(keyOf(email)));
    const never = keys.some((key) => expected.neverBecause(key) !== undefined);
    if (never)
      yield `${prospect.email} is on the list of ${past.sessionId}: ${keys.map((key) => expected.neverBecause(key)).join()}`;
    // Of a canceled session only those who came are read.
    const isUnread = ['gone', 'canceled'].includes(past.statuses.at(-1)?.status ?? '');
    if (isIn || !removes || isUnread) continue;
    const leftMs = Math.max(0, ...keys.map((key) => lastLeft(expected, linked, key) ?? 0));
    // Whether somebody has left is seen as long as the people of the session are read.
    const isRead =
      expected.was(past, ['upcoming', 'live'], leftMs, expected.visibleBy(leftMs) + 60 * MINUTE) ===
      'throughout';
    if (leftMs > 0 && isRead)
      yield `${prospect.email} was taken out of ${past.sessionId} and is still on its list`;
  }
}

function lastLeft({ sim: { history } }: Expectations, { past }: Linked, key: string): number | undefined {
  return history.unregistrations.findLast(
    (each) => each.eventId === past.eventId && keyOf(each.email) === key,
  )?.atMs;
}
