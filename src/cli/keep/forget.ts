import { systemClock } from '../../clock.ts';
import { loadExplanation, loadStateDir } from '../../config/load.ts';
import { emailKey } from '../../domain.ts';
import { UsageError } from '../../errors.ts';
import { type ForgottenPerson, forgetPerson } from '../../retention/forget.ts';
import { openStoreReadOnly } from '../../store/store.ts';
import { tell } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export interface ForgetOptions {
  readonly config: string;
  readonly address: string;
  readonly json: boolean;
}

/** What `forget --json` prints. */
interface ForgetView {
  readonly address: string;
  readonly held: boolean;
  /** Table → rows; `mentions` are texts of others. */
  readonly erased: Readonly<Record<string, number>>;
  readonly canceled: number;
  readonly files: readonly {
    readonly file: string;
    readonly clean: boolean;
    readonly trouble: string | null;
  }[];
  readonly to_erase_elsewhere: {
    readonly prospects: readonly { readonly id: number; readonly link: string }[];
    readonly sessions: readonly {
      readonly id: string;
      readonly title: string | null;
      readonly link: string;
    }[];
  };
}

const LIVESTORM_PAGES = 'https://app.livestorm.co/';

/**
 * `forget`: erases a person from the state and its backups, beside the running daemon, and names what has to be erased
 * at the vendors. Returns 0, 3 when a file could not be cleaned, 75 when trying again may help. Needs no secrets. Rejects
 * with `UsageError` for what is no address.
 */
export async function forgetCommand(options: ForgetOptions, terminal: Terminal): Promise<number> {
  const stateDir = await loadStateDir(options.config, terminal.env);
  const { values } = await loadExplanation(options.config, terminal.env);
  const pardot = String(values.find(({ path }) => path === 'pardot.base_url')?.value);
  const abort = new AbortController();
  terminal.onSignal((signal) => {
    if (signal === 'stop') abort.abort(new Error('told to stop'));
  });
  const key = addressOf(options.address);
  const clock = terminal.clock ?? systemClock;
  const person = await forgetPerson(key, { stateDir, clock, signal: abort.signal });
  const view = viewOf(key, person, pardot, titlesIn(stateDir, person));
  tell(options, terminal, view, render(view));
  return exitCode(person);
}

/** What is no address stands in texts that are about nobody: taking it out of them would spoil the state. */
function addressOf(text: string): string {
  if (/^(?:"[^"]*"|[^\s@<>]+)@[^\s@<>]+$/.test(text.trim())) return emailKey(text);
  throw new UsageError(`"${text}" is no e-mail address`, { hint: 'nothing was erased' });
}

function exitCode({ files }: ForgottenPerson): number {
  if (files.some(({ isBusy }) => isBusy)) return EXIT.temporary;
  return files.every(({ trouble }) => trouble === null) ? EXIT.ok : EXIT.partial;
}

function titlesIn(stateDir: string, { erasure }: ForgottenPerson): Map<string, string | null> {
  using store = openStoreReadOnly(stateDir);
  return new Map(erasure.sessionIds.map((id) => [id, store.sessions.get(id)?.event?.title ?? null]));
}

function viewOf(
  key: string,
  { erasure, mentions, files }: ForgottenPerson,
  pardot: string,
  titles: ReadonlyMap<string, string | null>,
): ForgetView {
  return {
    address: key,
    held: Object.keys(erasure.rows).length > 0,
    erased: { ...erasure.rows, ...(mentions > 0 ? { mentions } : {}) },
    canceled: erasure.canceled,
    files: files.map(({ file, trouble }) => ({ file, clean: trouble === null, trouble })),
    to_erase_elsewhere: {
      prospects: erasure.prospectIds.map((id) => ({ id, link: `${pardot}/prospect/read/id/${id}` })),
      sessions: [...titles].map(([id, title]) => ({ id, title, link: LIVESTORM_PAGES })),
    },
  };
}

function render({ address, held, erased, canceled, files, to_erase_elsewhere }: ForgetView): string {
  const { prospects, sessions } = to_erase_elsewhere;
  const rows = Object.entries(erased).map(([table, count]) => `  ${table}: ${count}\n`);
  return [
    held ? `Erased ${address}\n${rows.join('')}` : `Nothing was held about ${address}.\n`,
    canceled > 0 ? `  not sent any more: ${canceled}\n` : '',
    '\nSearched afterwards, byte by byte\n',
    ...files.map(({ file, trouble }) => `  ${file}: ${trouble ?? 'no trace'}\n`),
    '\nTo be erased by you, this program does not delete people at the vendors\n',
    ...prospects.map(({ id, link }) => `  Account Engagement, prospect ${id}: ${link}\n`),
    ...sessions.map(
      ({ id, title }) => `  Livestorm, session ${id}${title ? ` "${title}"` : ''}: ${LIVESTORM_PAGES}\n`,
    ),
    prospects.length + sessions.length === 0
      ? '  none known here; look for the address in Livestorm and Account Engagement\n'
      : '  and the leads or contacts in Salesforce that these prospects are synced with\n',
    '\nWhat the vendors tell of the time before now is not stored again. A new submission counts as new.\n',
  ].join('');
}
