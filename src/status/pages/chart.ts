import { DAY, HOUR, isoSeconds } from '../../clock.ts';
import { REGISTERED } from '../../questions/answer.ts';
import type { Arrival } from '../../store/figures.ts';
import { type Html, html } from '../html.ts';
import { duration, number } from '../words.ts';
import { section, table } from './shell.ts';

/** What came in one hour or day. */
export interface Slot {
  readonly startsAtMs: number;
  readonly submitted: number;
  readonly registered: number;
  /** From submission to registration: the one in the middle, and the slowest; null when nobody was registered. */
  readonly medianMs: number | null;
  readonly slowestMs: number | null;
}

/** The last `count` hours or days, the current one last; UTC. */
export function slotsOf(
  arrivals: readonly Arrival[],
  lengthMs: number,
  count: number,
  nowMs: number,
): Slot[] {
  const last = nowMs - (nowMs % lengthMs);
  const bySlot = Map.groupBy(arrivals, ({ requestedAtMs }) => requestedAtMs - (requestedAtMs % lengthMs));
  return Array.from({ length: count }, (_, index) => {
    const startsAtMs = last - (count - 1 - index) * lengthMs;
    const those = bySlot.get(startsAtMs) ?? [];
    const times = those
      .filter(({ outcome }) => REGISTERED.has(outcome))
      .map(({ requestedAtMs, outcomeAtMs }) => Math.max(0, (outcomeAtMs ?? requestedAtMs) - requestedAtMs))
      .sort((a, b) => a - b);
    return {
      startsAtMs,
      submitted: those.length,
      registered: times.length,
      medianMs: times[Math.floor((times.length - 1) / 2)] ?? null,
      slowestMs: times.at(-1) ?? null,
    };
  });
}

export function chartSection(arrivals: readonly Arrival[], nowMs: number): Html {
  const hours = slotsOf(arrivals, HOUR, 24, nowMs);
  const days = slotsOf(arrivals, DAY, 14, nowMs);
  const clock = (atMs: number): string => isoSeconds(atMs).slice(11, 16);
  const date = (atMs: number): string => isoSeconds(atMs).slice(0, 10);
  return section(
    'registrations',
    'Registrations through forms',
    html`<div class="pair">${figure('Last 24 hours', hours, clock)}${figure('Last 14 days', days, date)}</div>
<p class="small quiet"><span class="key"></span> registered <span class="key rest"></span> not registered, or on the way. Hours and days in UTC.</p>
${lagFigure(hours, clock)}
<details><summary>The same as tables</summary>${slotTable('Last 24 hours', hours, clock)}${slotTable('Last 14 days', days, date)}</details>`,
  );
}

function figure(title: string, slots: readonly Slot[], name: (atMs: number) => string): Html {
  const submitted = sum(slots.map((slot) => slot.submitted));
  const registered = sum(slots.map((slot) => slot.registered));
  const most = Math.max(1, ...slots.map((slot) => slot.submitted));
  const words = `${title}: ${number(submitted)} people, ${number(registered)} of them registered`;
  return chart(words, slots, name, (slot) => [
    { className: 'rest', share: slot.submitted / most },
    { className: 'full', share: slot.registered / most },
  ]);
}

const SLOW = 10 * 60_000;

function lagFigure(slots: readonly Slot[], name: (atMs: number) => string): Html {
  const slowest = Math.max(0, ...slots.map(({ slowestMs }) => slowestMs ?? 0));
  const words =
    slowest === 0
      ? 'From submission to registration: nobody in the last 24 hours'
      : `From submission to registration, last 24 hours: the slowest took ${duration(slowest)}; blue: half of them within`;
  return chart(words, slots, name, ({ slowestMs, medianMs }) => [
    { className: (slowestMs ?? 0) > SLOW ? 'hot' : 'rest', share: (slowestMs ?? 0) / Math.max(1, slowest) },
    { className: 'full', share: (medianMs ?? 0) / Math.max(1, slowest) },
  ]);
}

interface Bar {
  readonly className: string;
  /** Of the whole height. */
  readonly share: number;
}

function chart(
  words: string,
  slots: readonly Slot[],
  name: (atMs: number) => string,
  barsOf: (slot: Slot) => readonly Bar[],
): Html {
  const rects = slots.flatMap((slot, index) =>
    barsOf(slot)
      .filter(({ share }) => share > 0)
      .map(({ className, share }) => {
        const height = Math.max(1, Math.round(share * 100));
        return html`<rect class="${className}" x="${index * 10 + 1}" y="${100 - height}" width="8" height="${height}"/>`;
      }),
  );
  const marks = [slots[0], slots[Math.floor(slots.length / 2)], slots.at(-1)];
  return html`<figure><figcaption>${words}</figcaption>
<svg class="chart" role="img" aria-label="${words}" viewBox="0 0 ${slots.length * 10} 100" preserveAspectRatio="none">${rects}</svg>
<div class="axis" aria-hidden="true">${marks.map((slot) => html`<span>${slot ? name(slot.startsAtMs) : ''}</span>`)}</div></figure>`;
}

function slotTable(caption: string, slots: readonly Slot[], name: (atMs: number) => string): Html {
  const rows = slots
    .filter(({ submitted }) => submitted > 0)
    .map((slot) => [
      name(slot.startsAtMs),
      number(slot.submitted),
      number(slot.registered),
      slot.medianMs === null ? '-' : duration(slot.medianMs),
      slot.slowestMs === null ? '-' : duration(slot.slowestMs),
    ]);
  if (rows.length === 0) return html`<p>${caption}: nobody.</p>`;
  return table({
    caption,
    heads: ['From', 'Submitted', 'Registered', 'Half of them within', 'Slowest'],
    rows,
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
