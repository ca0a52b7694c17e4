import { isoSeconds, MINUTE } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Facts } from './facts.ts';
import { duration, minuteOf, times, VENDOR_NAMES } from './words.ts';

export const PROBLEM_KINDS = [
  'job_stuck',
  'auth',
  'flow_lag',
  'run_failed',
  'failures',
  'held',
  'quota',
  'vendor_down',
  'allowance',
  'mirror',
  'paused',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** Something that needs attention, in words for an admin and without people. */
export interface Problem {
  readonly kind: ProblemKind;
  /** A flow, job or vendor; empty when there is one of the kind at most. */
  readonly subject: string;
  /** Whether it is told to the alert hook; the rest heals by itself or was wanted. */
  readonly isAlert: boolean;
  readonly what: string;
  readonly why: string;
  readonly todo: string;
  /** What to run on the server; null when there is nothing to run. */
  readonly command: string | null;
}

/** From when on something is a problem. */
export type Limits = Pick<Config['status'], 'alertLagMinutes' | 'alertFailures'>;

/** The most pressing first. */
export function findProblems(facts: Facts, limits: Limits): Problem[] {
  return [
    ...stuckJobs(facts),
    ...refusedCredentials(facts),
    ...laggingFlows(facts, limits),
    ...failedRuns(facts, limits),
    ...failures(facts, limits),
    ...heldPeople(facts),
    ...shortQuota(facts),
    ...vendorsDown(facts),
    ...awaitedMirrors(facts),
    ...pauses(facts),
  ];
}

function stuckJobs({ stuck }: Facts): Problem[] {
  return stuck.map((job) => ({
    kind: 'job_stuck',
    subject: job,
    isAlert: true,
    what: `The job ${job} does not go on`,
    why: 'It has given no sign of life for too long. Under systemd the service is started again by itself.',
    todo: 'Start the service again, and keep its log if this comes back.',
    command: 'systemctl restart livestorm-pardot',
  }));
}

function refusedCredentials({ vendors }: Facts): Problem[] {
  return vendors.flatMap(({ vendor, parks }) =>
    parks
      .filter(({ reason }) => reason === 'auth')
      .map(({ until }) => ({
        kind: 'auth',
        subject: vendor,
        isAlert: true,
        what: `${VENDOR_NAMES[vendor]} refuses the credentials`,
        why: `Token, permissions or business unit are wrong. Nothing is sent there until ${minuteOf(until)}, then it is tried again.`,
        todo: 'See what is refused, mend it, and restart or reload the service. Nothing is lost meanwhile.',
        command: 'livestorm-pardot doctor',
      })),
  );
}

function laggingFlows({ flows }: Facts, { alertLagMinutes }: Limits): Problem[] {
  return flows
    .filter(({ lagMs }) => lagMs >= alertLagMinutes * MINUTE)
    .map(({ flow, title, lagMs, problem }) => ({
      kind: 'flow_lag',
      subject: flow,
      isAlert: true,
      what: `${title}: ${duration(lagMs)} behind`,
      why: problem ?? 'Work that is due has not been done yet.',
      todo: 'See what holds it up; it catches up by itself once that is gone.',
      command: 'livestorm-pardot status',
    }));
}

/** A lag says the same, later and louder. */
function failedRuns({ flows }: Facts, { alertLagMinutes }: Limits): Problem[] {
  return flows
    .filter(({ lagMs, problem }) => problem !== null && lagMs < alertLagMinutes * MINUTE)
    .map(({ flow, title, problem }) => ({
      kind: 'run_failed',
      subject: flow,
      isAlert: false,
      what: `${title}: the last run failed`,
      why: problem ?? '',
      todo: 'Nothing yet: it is tried again by itself.',
      command: null,
    }));
}

function failures({ failures: causes }: Facts, { alertFailures }: Limits): Problem[] {
  const count = causes.reduce((sum, cause) => sum + cause.count, 0);
  if (count < alertFailures) return [];
  return [
    {
      kind: 'failures',
      subject: '',
      isAlert: true,
      what: `${times(count, 'thing')} failed for good`,
      why: `Of ${times(causes.length, 'cause')}, most often: ${causes[0]?.cause ?? ''}`,
      todo: 'Mend the cause, then retry or discard what failed.',
      command: 'livestorm-pardot failed list',
    },
  ];
}

function heldPeople({ held }: Facts): Problem[] {
  const people = held.reduce((sum, hold) => sum + hold.people, 0);
  if (held.length === 0) return [];
  return [
    {
      kind: 'held',
      subject: '',
      isAlert: true,
      what: people === 1 ? '1 person is held back' : `${people} people are held back`,
      why: `${held.map(({ what }) => what).join(', ')} brought more people at once than is usual.`,
      todo: 'Look who they are, then release or discard them.',
      command: 'livestorm-pardot held list',
    },
  ];
}

function shortQuota({ vendors, atMs }: Facts): Problem[] {
  return vendors.flatMap(({ vendor, exhausted_at, period_ends_at, parks }) => {
    const parked = parks.find(({ reason }) => reason === 'quota');
    if (exhausted_at === null && !parked) return [];
    const isEmpty = parked !== undefined || Date.parse(exhausted_at ?? '') <= atMs;
    return [
      {
        kind: 'quota',
        subject: vendor,
        isAlert: true,
        what: isEmpty
          ? `${VENDOR_NAMES[vendor]}: the calls are used up`
          : `${VENDOR_NAMES[vendor]}: the calls will be used up`,
        why: isEmpty
          ? `What needs calls waits until ${minuteOf(parked?.until ?? period_ends_at)}. Nothing is lost.`
          : `As things go they last until ${minuteOf(exhausted_at ?? '')}, and are granted anew at ${minuteOf(period_ends_at)}.`,
        todo: 'See who spends them, give a larger budget, or let it wait: registrations keep the last calls.',
        command: 'livestorm-pardot status',
      },
    ];
  });
}

function vendorsDown({ vendors }: Facts): Problem[] {
  return vendors.flatMap(({ vendor, parks, circuit }) => {
    const allowance = parks.find(({ reason }) => reason === 'allowance');
    const problems: Problem[] = [];
    if (circuit !== 'closed') {
      problems.push({
        kind: 'vendor_down',
        subject: vendor,
        isAlert: false,
        what: `${VENDOR_NAMES[vendor]} does not answer`,
        why: 'It is left alone for a while and tried again, one call at a time.',
        todo: 'Nothing: it goes on by itself. See the status page of the vendor if it lasts.',
        command: null,
      });
    }
    if (allowance) {
      problems.push({
        kind: 'allowance',
        subject: vendor,
        isAlert: true,
        what: `${VENDOR_NAMES[vendor]}: no more people can be registered`,
        why: `The contact allowance is used up. Registrations wait until ${minuteOf(allowance.until)}, then it is tried again.`,
        todo: 'Raise the allowance with the vendor.',
        command: null,
      });
    }
    return problems;
  });
}

const MIRROR_LATE = 30 * MINUTE;

function awaitedMirrors({ awaitingMirror, atMs }: Facts): Problem[] {
  return awaitingMirror
    .map(({ sessionId, name, campaignMadeAtMs }) => ({ sessionId, name, madeAtMs: campaignMadeAtMs ?? atMs }))
    .filter(({ madeAtMs }) => atMs - madeAtMs > MIRROR_LATE)
    .map(({ sessionId, name, madeAtMs }) => ({
      kind: 'mirror',
      subject: sessionId,
      isAlert: false,
      what: `“${name}”: its campaign has not appeared in Account Engagement`,
      why: `It was made in Salesforce at ${minuteOf(isoSeconds(madeAtMs))}. Usually this takes minutes.`,
      todo: 'Check that Connected Campaigns are on, and that the record type of the campaign is among them.',
      command: 'livestorm-pardot doctor',
    }));
}

function pauses({ paused }: Facts): Problem[] {
  return paused.map(({ flow, since, waiting }) => ({
    kind: 'paused',
    subject: flow,
    isAlert: false,
    what: flow === 'all' ? 'Everything is paused' : `The flow ${flow} is paused`,
    why: `By an admin, since ${minuteOf(since)}. It keeps back ${times(waiting, 'write')} so far.`,
    todo: 'It goes on when you say so.',
    command: `livestorm-pardot resume ${flow}`,
  }));
}
