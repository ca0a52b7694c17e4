import { DAY, HOUR } from '../clock.ts';
import type { SpentHour } from './state.ts';

type Spent = Pick<SpentHour, 'own' | 'others'>;

/** The last day's hours with these calls added to the current one. */
export function spend(recent: readonly SpentHour[], nowMs: number, { own, others }: Spent): SpentHour[] {
  const startedAtMs = nowMs - (nowMs % HOUR);
  const kept = lastDay(recent, nowMs).filter((hour) => hour.startedAtMs !== startedAtMs);
  const current = recent.find((hour) => hour.startedAtMs === startedAtMs);
  return [...kept, { startedAtMs, own: (current?.own ?? 0) + own, others: (current?.others ?? 0) + others }];
}

/** Calls per millisecond over the last day, or since the first call when that is less, but over an hour at least. */
export function spendingRate(recent: readonly SpentHour[], nowMs: number): Spent {
  const hours = lastDay(recent, nowMs);
  const oldestMs = Math.min(nowMs, ...hours.map(({ startedAtMs }) => startedAtMs));
  const spanMs = Math.max(HOUR, nowMs - oldestMs);
  return {
    own: hours.reduce((sum, { own }) => sum + own, 0) / spanMs,
    others: hours.reduce((sum, { others }) => sum + others, 0) / spanMs,
  };
}

/**
 * Whether less than a hundredth of what is left was spent, in less than a day: that tells nothing, as a first start
 * asks for more than the hours after it do.
 */
export function isTooLittle(recent: readonly SpentHour[], nowMs: number, left: number): boolean {
  const hours = lastDay(recent, nowMs);
  const isYoung = hours.every(({ startedAtMs }) => startedAtMs > nowMs - 23 * HOUR);
  return isYoung && hours.reduce((sum, { own, others }) => sum + own + others, 0) < left / 100;
}

/** Hours of a clock that was ahead are left out. */
function lastDay(recent: readonly SpentHour[], nowMs: number): SpentHour[] {
  return recent.filter(({ startedAtMs }) => startedAtMs > nowMs - DAY && startedAtMs <= nowMs);
}
