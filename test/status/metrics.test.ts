import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { emailKey } from '../../src/domain.ts';
import { type Metric, renderMetrics } from '../../src/status/metric.ts';
import { metricsOf } from '../../src/status/metrics.ts';
import { keepTally } from '../../src/status/tally.ts';
import { busy, NOW, stage, submitted, webinar } from './stage.ts';

const RULES = fileURLToPath(new URL('../../config/prometheus/alerts.yml', import.meta.url));
const DASHBOARD = new URL('../../config/grafana/livestorm-pardot.json', import.meta.url);

/** Prometheus's own tool, from Debian's package `prometheus`; `PROMTOOL` names another place. */
function promtool(args: readonly string[], input = ''): { code: number | null; said: string } | undefined {
  const { error, status, stdout, stderr } = spawnSync(process.env.PROMTOOL ?? 'promtool', args, { input });
  return error ? undefined : { code: status, said: `${stdout}${stderr}` };
}

const sampleOf = (metrics: readonly Metric[], name: string, labels: Record<string, string> = {}) =>
  metrics
    .find((metric) => metric.name === name)
    ?.samples.find((sample) => JSON.stringify(sample.labels ?? {}) === JSON.stringify(labels))?.value;

test('metrics tell lag, outcomes, quota, failures and the process', (t) => {
  const on = stage(t);
  busy(on);
  const metrics = metricsOf(on.overview());
  const ours = (name: string, labels?: Record<string, string>) =>
    sampleOf(metrics, `livestorm_pardot_${name}`, labels);
  assert.equal(ours('flow_lag_seconds', { flow: 'attendance' }), 22 * 60);
  assert.equal(ours('flow_lag_seconds', { flow: 'form_registrations' }), 0);
  assert.equal(ours('people', { outcome: 'on_the_way' }), 1);
  assert.equal(ours('people', { outcome: 'dead' }), 2);
  assert.equal(ours('held_people'), 1);
  assert.equal(ours('failures', { what: 'livestorm_registration', vendor: 'livestorm', code: '422' }), 2);
  assert.equal(ours('vendor_remaining_calls', { vendor: 'livestorm' }), 900);
  assert.equal(ours('vendor_parked', { vendor: 'salesforce', reason: 'auth' }), 1);
  assert.equal(ours('vendor_exhaustion_seconds', { vendor: 'pardot' }), Number.POSITIVE_INFINITY);
  assert.equal(ours('vendor_exhaustion_seconds', { vendor: 'livestorm' }), 18 * 3600);
  assert.equal(ours('job_runs_total', { job_name: 'people', result: 'failed' }), 1);
  assert.equal(ours('flow_paused', { flow: 'replays' }), 1);
  assert.equal(sampleOf(metrics, 'process_resident_memory_bytes'), 70e6);
});

test('the format is that of Prometheus: help, type, units, names, one line a sample', (t) => {
  const on = stage(t);
  busy(on);
  const seen = new Set<string>();
  const metrics = metricsOf(on.overview());
  for (const { name, help, type, samples } of metrics) {
    assert.match(name, /^(?:livestorm_pardot|process)_[a-z]+(?:_[a-z]+)*$/);
    assert.ok(!seen.has(name), `${name} twice`);
    seen.add(name);
    assert.match(help, /^[A-Z].*\.$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    const keys = samples.map(({ labels, suffix }) => JSON.stringify([suffix, labels]));
    assert.equal(new Set(keys).size, keys.length, `${name} has a sample twice`);
    assert.ok(samples.length <= 70, `${name} has ${samples.length} samples`);
  }
  const text = renderMetrics(metrics);
  const sample =
    /^[a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\.)*"(?:,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? (?:-?[\d.]+(?:e[+-]?\d+)?|\+Inf)$/;
  for (const line of text.trimEnd().split('\n'))
    assert.match(line, /^# (?:HELP|TYPE) /.test(line) ? /./ : sample);
});

test('a label with quotes, backslashes and line breaks is escaped', () => {
  const samples = [{ labels: { a: 'x"y\\z\n' }, value: 0.1 + 0.2 }];
  const text = renderMetrics([{ name: 'n', help: 'H.', type: 'gauge', samples }]);
  assert.equal(text, '# HELP n H.\n# TYPE n gauge\nn{a="x\\"y\\\\z\\n"} 0.3\n');
});

test('promtool finds nothing wrong with the metrics', (t) => {
  const on = stage(t);
  busy(on);
  const checked = promtool(['check', 'metrics'], renderMetrics(metricsOf(on.overview())));
  if (!checked) return t.skip('promtool is not installed (Debian: apt install prometheus)');
  assert.deepEqual(checked, { code: 0, said: '' });
});

test('promtool finds nothing wrong with the alert rules', (t) => {
  const checked = promtool(['check', 'rules', RULES]);
  if (!checked) return t.skip('promtool is not installed (Debian: apt install prometheus)');
  assert.equal(checked.code, 0, checked.said);
});

test('every metric of the dashboard and of the alert rules exists, and the dashboard is in order', (t) => {
  const on = stage(t);
  busy(on);
  on.store.meta.beat(NOW);
  const names = new Set(metricsOf(on.overview()).map(({ name }) => name));
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8'));
  const panels: {
    id: number;
    title: string;
    targets?: { expr: string }[];
    gridPos: { x: number; w: number };
  }[] = dashboard.panels;
  assert.ok(panels.length >= 10);
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const { title, gridPos, targets } of panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title);
    assert.ok((targets ?? []).length > 0, title);
  }
  const used = (text: string) => text.match(/\b(?:livestorm_pardot|process)_\w+/g) ?? [];
  const inPanels = panels.flatMap(({ targets }) => (targets ?? []).flatMap(({ expr }) => used(expr)));
  const inRules = readFileSync(RULES, 'utf8')
    .split('\n')
    .filter((line) => /^\s+expr:/.test(line))
    .flatMap(used);
  assert.ok(inPanels.length >= 10 && inRules.length >= 8);
  const known = (name: string) => names.has(name) || names.has(name.replace(/_(?:bucket|sum|count)$/, ''));
  assert.deepEqual(
    [...inPanels, ...inRules].filter((name) => !known(name)),
    [],
  );
});

test('registrations and their latency are counted once, and stay when people are erased', (t) => {
  const { store, clock, overview } = stage(t);
  webinar(store, 's-1', 'Webinar');
  submitted(store, 's-1', 'ana@example.com', NOW - 30 * MINUTE, 50 * SECOND);
  submitted(store, 's-1', 'ben@example.com', NOW - 20 * MINUTE, 400 * SECOND);
  submitted(store, 's-1', 'eva@example.com', NOW - 10 * MINUTE, null);
  const hold = store.holds.begin({ cause: 'burst', form: 'form:11', sessionId: null, reason: '' }, NOW);
  submitted(store, 's-1', 'held@example.com', NOW - 9 * MINUTE, null);
  store.holds.hold({ sessionId: 's-1', emailKey: 'held@example.com' }, hold, NOW - 8 * MINUTE);
  const { tally } = overview();
  assert.deepEqual(tally.outcomes, { registered: 2 });
  assert.deepEqual([tally.latency.count, tally.latency.sumSeconds], [2, 450]);
  assert.deepEqual(tally.latency.within, [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  keepTally(store, clock.now());
  store.keeping.erase(emailKey('ben@example.com'), clock.now());
  const held = { sessionId: 's-1', emailKey: 'held@example.com' };
  store.registrations.conclude(held, { outcome: 'registered' }, clock.now());
  const after = overview().tally;
  assert.deepEqual(after.outcomes, { registered: 3 }, 'one was erased, one came');
  assert.equal(after.latency.count, 2, 'who was held says nothing about the time it takes');
});
