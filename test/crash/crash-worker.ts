/** Plays what the parent sends, one message after the other. */
import { type Case, playCase } from './enumeration.ts';

process.on('message', (what: Case) => {
  void playCase(what).then((ended) => process.send?.(ended));
});
