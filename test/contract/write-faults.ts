import type { Applied } from '../../src/errors.ts';
import type { FaultKind } from '../../src/sandbox/kernel/faults.ts';

/** Each fault that can befall a write, what it lets the client know of it, and whether it took place. */
export const WRITE_FAULTS: readonly (readonly [FaultKind, Applied, boolean])[] = [
  ['reset_before', 'unknown', false],
  ['reset_after', 'unknown', true],
  ['stall_before', 'unknown', false],
  ['stall_after', 'unknown', true],
  ['cut_body', 'done', true],
  ['stall_body', 'done', true],
  ['html_500_before', 'unknown', false],
  ['html_500_after', 'unknown', true],
  ['html_503', 'unknown', false],
  ['empty_body', 'done', true],
  ['redirect', 'unknown', false],
];
