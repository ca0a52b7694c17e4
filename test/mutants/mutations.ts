import type { Mutation } from './mutation.ts';

/** Reading: what is not seen is lost. */
const READING: readonly Mutation[] = [
  {
    name: 'the cursor is advanced before what was read is stored',
    file: 'pollers/form-submissions.ts',
    find: "    const call = run.call('registrations');\n",
    replace:
      "    const call = run.call('registrations');\n" +
      '    store.checkpoints.advance(STREAM, { createdMs: nowMs, widenedAtMs: cursor.widenedAtMs }, nowMs);\n',
    tests: ['pollers/form-submissions'],
  },
  {
    name: 'no lookback: what becomes visible late is never read',
    file: 'pollers/form-submissions.ts',
    find: 'cursor.createdMs - lookbackMs',
    replace: 'cursor.createdMs',
    tests: ['pollers/form-submissions'],
  },
  {
    name: 'a row dated in the future moves the cursor past everything else',
    file: 'pollers/form-submissions.ts',
    find: '.filter((ms) => ms <= latestMs)',
    replace: '',
    tests: ['pollers/form-submissions'],
  },
  {
    name: '> for >=: the rows of the boundary second are not asked for',
    file: 'clients/pardot-submissions.ts',
    find: "{ type: '4', createdAtAfterOrEqualTo:",
    replace: "{ type: '4', createdAtAfter:",
    tests: ['clients/pardot-submissions', 'contract/pardot'],
  },
  {
    name: 'the e-mail of a submission follows the prospect instead of being frozen',
    file: 'store/submissions.ts',
    find: 'WHERE activity_id = ? AND prospect_id IS NULL AND session_id IS NULL',
    replace: 'WHERE activity_id = ?',
    tests: ['store/submissions'],
  },
  {
    name: 'a list that drifted while it was paged is taken for complete',
    file: 'clients/livestorm-paging.ts',
    find: 'complete: recordCount === null || rows.size === recordCount',
    replace: 'complete: true',
    tests: ['clients/livestorm-paging', 'contract/livestorm'],
  },
  {
    name: 'an unexpectedly empty people list is believed',
    file: 'pollers/people-reading.ts',
    find: '!complete || (registrants.length === 0 && expectsPeople(parts.store, session))',
    replace: '!complete',
    tests: ['pollers/people'],
  },
  {
    name: 'who came last to a session that never started is not read',
    file: 'pollers/registrants.ts',
    find: "  'past_not_started',\n",
    replace: '',
    tests: ['pollers/registrants'],
  },
  {
    name: 'sessions from before the activation are linked',
    file: 'reconcile/plan-links.ts',
    find: ' && isOurs',
    replace: '',
    tests: ['reconcile/plan-links'],
  },
];

/** Deciding: the right person in the right session. */
const DECIDING: readonly Mutation[] = [
  {
    name: 'routed by the campaign that the form carries now instead of the one submitted under',
    file: 'reconcile/plan-registrations.ts',
    find: '[campaignId ?? assetCampaignId]',
    replace: '[assetCampaignId ?? campaignId]',
    tests: ['reconcile/plan-registrations'],
  },
  {
    name: 'an existing campaign has a past, by a clock that was behind',
    file: 'reconcile/linked-sessions.ts',
    find: 'Math.max(createdAtMs, session.createdAtMs)',
    replace: 'createdAtMs',
    tests: ['reconcile/linked-sessions'],
  },
  {
    name: 'somebody is registered in a canceled session',
    file: 'reconcile/plan-registrations.ts',
    find: "  if (session.status === 'canceled') return 'session_canceled';\n",
    replace: '',
    tests: ['reconcile/plan-registrations'],
  },
  {
    name: 'the submission of a deleted prospect is registered',
    file: 'reconcile/plan-registrations.ts',
    find: "  if (submission.prospectDeleted) return end('prospect_deleted');\n",
    replace: '',
    tests: ['reconcile/plan-registrations'],
  },
  {
    name: 'two spellings of one address are two people',
    file: 'domain.ts',
    find: 'return email.trim().toLowerCase();',
    replace: 'return email.trim();',
    tests: ['reconcile/plan-registrations', 'pollers/people'],
  },
  {
    name: 'a prospect in the recycle bin is taken for the registrant, and so revived',
    file: 'reconcile/plan-people.ts',
    find: '    .filter(({ isDeleted }) => !isDeleted)\n    .toSorted',
    replace: '    .toSorted',
    tests: ['reconcile/plan-people'],
  },
  {
    name: 'team members count as attendees',
    file: 'store/registrants.ts',
    find: "p.role = 'participant' AND ",
    replace: '',
    tests: ['store/people', 'reconcile/people'],
  },
  {
    name: 'an older session overwrites what a newer one wrote',
    file: 'reconcile/plan-attendance.ts',
    find: 'parts.find((part) => part.attendanceRead)',
    replace: 'parts.findLast((part) => part.attendanceRead)',
    tests: ['reconcile/plan-attendance'],
  },
  {
    name: 'unchanged values are written again',
    file: 'reconcile/plan-attendance.ts',
    find: 'value === undefined || value === (written[field] ?? null)',
    replace: 'value === undefined',
    tests: ['reconcile/plan-attendance'],
  },
];

/** Sending: once, and never before it is written down. */
const SENDING: readonly Mutation[] = [
  {
    name: 'blind re-POST: what may have been applied is not looked for',
    file: 'reconcile/apply.ts',
    find: 'isUncertain ? await handler.readBack?.(effect, call) : null',
    replace: 'null as Ending | null',
    tests: ['reconcile/apply'],
  },
  {
    name: 'whoever submits again is registered again without a look, as if they had left',
    file: 'reconcile/want-registration.ts',
    find: 'const isUncertain = wasTried || isOfBefore || isLeaving || isThere;',
    replace: 'const isUncertain = isOfBefore || isLeaving;',
    tests: ['reconcile/registrations'],
  },
  {
    name: 'whoever left and submits again counts as registered still',
    file: 'store/registrations.ts',
    find: 'AND NOT outcome_at_ms BETWEEN excluded.requested_at_ms AND excluded.decided_at_ms',
    replace: 'AND false',
    tests: ['reconcile/registrations', 'store/registrations'],
  },
  {
    name: 'read back before the read lag has passed',
    file: 'reconcile/apply.ts',
    find: 'isUnknown ? handler.settleMs : 0,',
    replace: '0,',
    tests: ['reconcile/apply'],
  },
  {
    name: 'an unknown outcome is taken for "not applied"',
    file: 'reconcile/apply.ts',
    find: "error.applied !== 'not_applied'",
    replace: "error.applied === 'done'",
    tests: ['reconcile/apply'],
  },
  {
    name: 'the request leaves before it is written down',
    file: 'reconcile/apply.ts',
    find: '    parts.store.effects.markSending(effect.id, parts.clock.now());\n',
    replace: '',
    tests: ['reconcile/apply'],
  },
  {
    name: 'what was on its way in a crash is sent as if it had never left',
    file: 'store/effects.ts',
    find: "SET state = 'unknown', next_attempt_at_ms = sent_at_ms + ?",
    replace: "SET state = 'pending', next_attempt_at_ms = sent_at_ms + ?",
    tests: ['store/effects', 'reconcile/apply'],
  },
  {
    name: 'an existing prospect gets the campaign of the session as its source',
    file: 'reconcile/prospects.ts',
    find: 'await pardot.updateProspect(prospect.id, values, call);',
    replace:
      'await pardot.updateProspect(prospect.id, { ...values, campaignId: String(link.pardotCampaignId) }, call);',
    tests: ['reconcile/prospects'],
  },
  {
    name: 'a list is made without looking for the one that is there',
    file: 'reconcile/session-links.ts',
    find: 'const existing = await find(effect, call);',
    replace: 'const existing = null as Ending | null;',
    tests: ['reconcile/session-links'],
  },
  {
    name: 'an external activity is told twice after a lost answer',
    file: 'reconcile/activities.ts',
    find: "traces.some((trace) => isTraceOf(effect, trace)) ? { state: 'done' } : null",
    replace: "traces.some(() => false) ? { state: 'done' } : null",
    tests: ['reconcile/activities'],
  },
  {
    name: 'a prospect with two addresses in a session is told everything twice',
    file: 'reconcile/activities.ts',
    find: "store.effects.isToldAlready(effect, effect.payload.type) ? { state: 'skipped' } : null",
    replace: 'null',
    tests: ['reconcile/activities'],
  },
  {
    name: 'commits are not forced to the disk',
    file: 'store/database.ts',
    find: "sqlite.pragma('synchronous = FULL');",
    replace: "sqlite.pragma('synchronous = NORMAL');",
    tests: ['store/database'],
  },
  {
    name: 'two processes may use one state',
    file: 'store/instance-lock.ts',
    find: "sqlite.exec('BEGIN EXCLUSIVE');",
    replace: "sqlite.exec('BEGIN');",
    tests: ['store/instance-lock', 'cli/prepare/setup'],
  },
];

/** Understanding the vendors' answers, and their limits. */
const ANSWERS: readonly Mutation[] = [
  {
    name: '58, already on the list, is a failure',
    file: 'reconcile/memberships.ts',
    find: 'if (error.code === ALREADY_ON_LIST) return done(effect);',
    replace: '',
    tests: ['reconcile/memberships'],
  },
  {
    name: '"already registered" is a failure unless it comes as 409',
    file: 'clients/livestorm-registration.ts',
    find: 'saysAlreadyThere(text) || (status === 409 && !saysClosed(text))',
    replace: 'status === 409 && !saysClosed(text)',
    tests: ['clients/livestorm-registration'],
  },
  {
    name: 'a refusal without a word is believed',
    file: 'clients/pardot-answers.ts',
    find: "  if (body.trim() === '') return status !== 404;\n",
    replace: '',
    tests: ['clients/answers'],
  },
  {
    name: '402 ends people as dead instead of parking them',
    file: 'clients/livestorm-answers.ts',
    find: '  if (status === 402) return allowanceExhausted(context, message);\n',
    replace: '',
    tests: ['clients/livestorm-answers'],
  },
  {
    name: 'a timeout is taken for "not sent"',
    file: 'clients/http.ts',
    find: 'status === 0 && provesNotSent(cause)',
    replace: 'status === 0',
    tests: ['clients/http'],
  },
  {
    name: 'a redirect is followed with the token',
    file: 'clients/jsforce-guard.ts',
    find: "if (status > 300 && status < 400 && status !== 304) controller.abort(new Error('redirect refused'));\n    else this.#head = head;",
    replace: 'this.#head = head;',
    tests: ['clients/jsforce-guard', 'clients/salesforce'],
  },
  {
    name: 'Retry-After is clipped to half a minute',
    file: 'clients/answers.ts',
    find: 'Math.min(LONGEST_WAIT_MS, Math.ceil(Number(text) * 1000))',
    replace: 'Math.min(30_000, Math.ceil(Number(text) * 1000))',
    tests: ['clients/livestorm-answers', 'clients/pardot-wire'],
  },
  {
    name: 'a pause is not kept for the next start',
    file: 'governor/vendor-governor.ts',
    find: "if (reason === 'rate') this.#pace.slowDown();\n    this.#save();",
    replace: "if (reason === 'rate') this.#pace.slowDown();",
    tests: ['governor/vendor-governor'],
  },
  {
    name: 'a clock that is set back while the program is down stretches a pause',
    file: 'governor/vendor-governor.ts',
    find: 'this.#parks.add(reason, untilMs - setBackMs)',
    replace: 'this.#parks.add(reason, untilMs)',
    tests: ['governor/vendor-governor'],
  },
  {
    name: 'the last tenth of a budget is not kept for registrations',
    file: 'governor/budget.ts',
    find: 'attendance: 0.1,',
    replace: 'attendance: 0,',
    tests: ['governor/budget'],
  },
  {
    name: 'the circuit of a vendor that does not answer never opens',
    file: 'governor/breaker.ts',
    find: 'this.#failures < FAILURES_TO_OPEN',
    replace: 'true',
    tests: ['governor/vendor-governor'],
  },
  {
    name: 'the rate window counts from before the connection is made',
    file: 'governor/vendor-governor.ts',
    find: '    return () => start && this.#window?.sent(start, this.#clock.monotonic());',
    replace:
      '    if (start) this.#window?.sent(start, this.#clock.monotonic());\n    return () => undefined;',
    tests: ['clients/livestorm-starts'],
  },
  {
    name: 'six starts in a second',
    file: 'governor/rate-window.ts',
    find: 'latest[this.#limit.count - 1]',
    replace: 'latest[this.#limit.count]',
    tests: ['governor/rate-window'],
  },
  {
    name: 'secrets reach the log',
    file: 'redact.ts',
    find: "return (text) => text.replace(pattern, '[secret]');",
    replace: 'return (text) => text;',
    tests: ['logger'],
  },
];

/** What admins ask for. */
const KEEPING: readonly Mutation[] = [
  {
    name: 'a paused flow goes on sending',
    file: 'store/pauses.ts',
    find: 'NOT EXISTS (SELECT 1 FROM pause WHERE',
    replace: 'NOT EXISTS (SELECT 1 FROM (SELECT * FROM pause LIMIT 0) AS pause WHERE',
    tests: ['cli/repair/pause'],
  },
  {
    name: 'somebody who was forgotten comes back with the next reading',
    file: 'store/forgotten.ts',
    find: 'happenedAtMs <= (this.forgottenAtMs(email) ?? Number.NEGATIVE_INFINITY)',
    replace: 'false',
    tests: ['cli/keep/keeping', 'store/mentions'],
  },
];

export const MUTATIONS: readonly Mutation[] = [...READING, ...DECIDING, ...SENDING, ...ANSWERS, ...KEEPING];
