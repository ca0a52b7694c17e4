import { MINUTE, systemClock } from '../../clock.ts';
import { loadConfig } from '../../config/load.ts';
import { type AssetKind, OUTCOMES } from '../../domain.ts';
import { UsageError } from '../../errors.ts';
import { applyMove } from '../../repair/apply-move.ts';
import { type LinkedSession, type MoveRequest, readMove, refusalOf } from '../../repair/move-facts.ts';
import { NotPossibleError } from '../../repair/not-possible.ts';
import { openStoreBeside, openStoreReadOnly, type Store } from '../../store/store.ts';
import { EXIT } from '../exit.ts';
import { usualConfig } from '../option.ts';
import type { Terminal } from '../terminal.ts';
import { thereAre } from '../words.ts';
import { formNamed } from './form-name.ts';
import { type MoveView, moveJson, renderMove } from './move-view.ts';

export interface MoveOptions {
  readonly config: string;
  /** An id or the exact name. */
  readonly form: { readonly kind: AssetKind; readonly name: string };
  /** Livestorm session ids. */
  readonly from: string;
  readonly to: string;
  /** The hash of the plan to carry out; undefined only shows it. */
  readonly apply: string | undefined;
  readonly showPeople: boolean;
  readonly json: boolean;
}

/** Younger than this, the last run of a job means that the service is at work. */
const AT_WORK = 2 * MINUTE;

/**
 * `move`: shows who would be moved from the wrong session to the right one, and with the plan's hash writes it into the
 * outbox, beside the running daemon or before its next start. Returns 0 when nothing is left to do, 3 when the plan is
 * still to be carried out, or somebody is left for the admin, 1 when the plan is no longer the one asked for. Rejects
 * with `NotPossibleError` when the right session takes nobody, or the flow is off.
 */
export async function moveCommand(options: MoveOptions, terminal: Terminal): Promise<number> {
  const { stateDir, fields, safety, flows } = await loadConfig(options.config, terminal.env);
  if (!flows.formRegistrations) {
    throw new NotPossibleError('flows.form_registrations is off: nobody would be registered');
  }
  const rules = { ...safety, fields: fields.registration };
  const nowMs = (terminal.clock ?? systemClock).now();
  using store = options.apply === undefined ? openStoreReadOnly(stateDir) : openStoreBeside(stateDir);
  const request = requestOf(store, options, rules);
  const refusal = refusalOf(request);
  if (refusal) {
    throw new NotPossibleError(`nobody can be moved to ${request.to.link.name}: ${OUTCOMES[refusal]}`);
  }
  const { plan, moved } =
    options.apply === undefined
      ? { ...readMove(store, request, nowMs), moved: null }
      : applyMove(store, request, options.apply, nowMs);
  const view: MoveView = {
    request,
    plan,
    moved,
    isStale: options.apply !== undefined && moved === null && plan.people.length > 0,
    isServiceAtWork: isAtWork(store, nowMs),
    formCampaignId: store.moves.forms().find(({ form }) => form === request.form)?.campaignId ?? null,
  };
  terminal.write(
    options.json
      ? `${JSON.stringify(moveJson(view), null, 2)}\n`
      : renderMove(view, { showPeople: options.showPeople, call: callOf(options, terminal.env) }),
  );
  return exitCode(view);
}

function exitCode({ plan, moved, isStale }: MoveView): number {
  if (isStale) return EXIT.failure;
  const isLeft = plan.leftAlone.some(({ because }) => because === 'on_its_way' || because === 'session_live');
  const isByHand = plan.people.some(({ leaving }) => leaving === 'by_hand');
  const isDone = plan.people.length === (moved ?? 0);
  return isDone && !isLeft && !isByHand ? EXIT.ok : EXIT.partial;
}

/** What is to be done. Throws `UsageError` when the form or a session is not known. */
function requestOf(store: Store, options: MoveOptions, rules: MoveRequest['rules']): MoveRequest {
  const { from: fromId, to: toId, form: named } = options;
  if (fromId === toId) throw new UsageError('--from and --to name the same session');
  const found = formNamed(store.moves.forms(), named.kind, named.name);
  if ('problem' in found) throw new UsageError(found.problem);
  const from = linkedSession(store, fromId);
  const to = linkedSession(store, toId);
  if (!from || !to) {
    const known = store.links.all().map(({ sessionId, name }) => `${sessionId}  ${name}`);
    throw new UsageError(`no linked session ${from ? toId : fromId}; ${thereAre(known)}`);
  }
  return { form: found.form, from, to, rules };
}

function linkedSession(store: Store, id: string): LinkedSession | null {
  const session = store.sessions.get(id);
  const link = store.links.get(id);
  return session && link ? { session, link } : null;
}

function isAtWork(store: Store, nowMs: number): boolean {
  return store.jobRuns.all().some(({ finishedAtMs }) => Math.abs(nowMs - finishedAtMs) < AT_WORK);
}

/** The command that carries out the plan that was shown, without the hash. */
function callOf({ form, from, to, config }: MoveOptions, env: Terminal['env']): string {
  const flag = form.kind.replace('_', '-');
  const file = config === usualConfig(env) ? '' : ` --config ${quoted(config)}`;
  return `livestorm-pardot move${file} --${flag} ${quoted(form.name)} --from ${from} --to ${to}`;
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
