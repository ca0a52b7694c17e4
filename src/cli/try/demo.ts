import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoSeconds } from '../../clock.ts';
import { type Config, secretsOf } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { createDaemon, createDispatcher } from '../../daemon.ts';
import { createLogger } from '../../logger.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { openStore } from '../../store/store.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { findMissing } from './demo/expectations.ts';
import { renderReport } from './demo/report.ts';
import { createWebinar, minutesUntil, type Stage } from './demo/stage.ts';
import { WarpClock } from './demo/warp-clock.ts';
import { playWebinars } from './demo/webinar.ts';

export interface DemoOptions {
  /** Leave everything running afterwards, in real time, until stopped. */
  readonly keep: boolean;
}

/**
 * `demo`: plays both test protocols of the vendor's article on the sandbox, time skipping ahead, with the connector
 * as it runs in production. Returns 1 when anything that should have happened is missing.
 */
export async function demoCommand(options: DemoOptions, terminal: Terminal): Promise<number> {
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'livestorm-pardot-demo-'));
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const clock = new WarpClock();
  const sandbox = opened.use(await Sandbox.start({ clock }));
  const config = await loadConfig(await sandbox.writeConfig(dir), terminal.env);
  const store = opened.use(openStore(config.stateDir));
  const log = createLogger(terminal.logs, {
    level: 'error',
    secrets: secretsOf(config),
    now: () => clock.now(),
    personKey: store.meta.personKey(),
  });
  const daemon = createDaemon({ config, store, clock, log, dispatcher: createDispatcher() });
  const tell = (text: string): void => terminal.write(`${isoSeconds(clock.now())}  ${text}\n`);
  const stage: Stage = { sandbox, store, clock, daemon, tell };

  const played = await playWebinars(stage);
  terminal.write(`\n${renderReport(stage, played)}`);
  const missing = findMissing(stage, played);
  for (const line of missing) terminal.writeError(`missing: ${line}\n`);
  terminal.write(missing.length === 0 ? '\nEverything expected has happened.\n' : '\nThe demo failed.\n');
  if (options.keep) await keep(stage, config, terminal);
  return missing.length === 0 ? EXIT.ok : EXIT.failure;
}

/** Sandbox and connector go on in real time, with one more webinar that is open to whoever wants to try. */
async function keep(stage: Stage, config: Config, terminal: Terminal): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  terminal.onSignal((signal) => {
    if (signal === 'stop') stopped.resolve();
  });
  const pages = await openWebinar(stage);
  stage.daemon.start();
  terminal.write('\nStill running; stop with Ctrl-C. A submission is registered about a minute later.\n');
  for (const [what, path] of Object.entries(pages)) {
    terminal.write(`  ${what.padEnd(22)}  ${stage.sandbox.urls.pages}${path}\n`);
  }
  terminal.write(`  ${'configuration'.padEnd(22)}  ${join(config.stateDir, '..', 'config.yaml')}\n`);
  await stopped.promise;
  await stage.daemon.drain();
}

async function openWebinar(stage: Stage): Promise<Readonly<Record<string, string>>> {
  const { sandbox, store } = stage;
  const { sessionId } = createWebinar(stage, 'Try it yourself');
  await minutesUntil(stage, 90, () => store.links.get(sessionId)?.listId != null);
  const campaignId = store.links.get(sessionId)?.pardotCampaignId ?? 0;
  const form = sandbox.pardot.world.createForm({ name: 'Try it yourself', campaignId });
  return {
    'form to submit': `/form/${form}`,
    'people of the session': `/sessions/${sessionId}`,
    prospects: '/prospects',
    'control page': '/',
  };
}
