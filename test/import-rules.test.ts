import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';

const ROOT = new URL('../', import.meta.url).pathname;

interface Import {
  /** A path like `src/job.ts`, or the name of a package. */
  readonly from: string;
  /** Names that exist at run time; empty for types alone. */
  readonly values: readonly string[];
}

interface Source {
  readonly path: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const SOURCES: readonly Source[] = globSync('src/**/*.ts', { cwd: ROOT })
  .toSorted()
  .map((path) => {
    const code = withoutComments(readFileSync(ROOT + path, 'utf8'));
    return { path, code, imports: importsOf(path, code) };
  });

/** Comments go, text in quotes stays, whatever looks like a comment in it. */
function withoutComments(code: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return code.replaceAll(token, (text) => (text.startsWith('/') ? '' : text));
}

function importsOf(path: string, code: string): Import[] {
  const statement = /^(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s*from\s*)?'([^']+)'/gm;
  const declared = [...code.matchAll(statement)].map(([, type, clause = '', from = '']) => ({
    from: resolve(path, from),
    values: type ? [] : namesIn(clause),
  }));
  const dynamic = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, from = '']) => ({
    from: resolve(path, from),
    values: ['*'],
  }));
  return [...declared, ...dynamic];
}

function namesIn(clause: string): string[] {
  const names = clause.replaceAll(/[{}]/g, ',').split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
}

function resolve(path: string, from: string): string {
  return from.startsWith('.') ? posix.join(posix.dirname(path), from) : from;
}

/** `src/a.ts → src/b.ts` for every import that breaks the rule. */
function offences(isOffence: (source: Source, imported: Import) => boolean): string[] {
  return SOURCES.flatMap((source) =>
    source.imports
      .filter((imported) => isOffence(source, imported))
      .map(({ from }) => `${source.path} → ${from}`),
  );
}

/** `src/a.ts: text` for the first match in every file that may not contain it. */
function mentions(pattern: RegExp, isAllowed: (path: string) => boolean): string[] {
  return SOURCES.filter(({ path }) => !isAllowed(path)).flatMap(({ path, code }) => {
    const found = pattern.exec(code);
    return found ? [`${path}: ${found[0].trim()}`] : [];
  });
}

const oneOf =
  (...places: readonly RegExp[]) =>
  (path: string): boolean =>
    places.some((place) => place.test(path));

test('the parser sees what is imported, and how', () => {
  const code = `import a, { type B, c as d } from './x.ts'; // import e from 'comment';
import type { F } from '../f.ts';
import 'effect';
export { g } from 'g';
export * from './h.ts';
const text = "// import i from 'text'", later = import('later');`;
  assert.deepEqual(importsOf('src/y/z.ts', withoutComments(code)), [
    { from: 'src/y/x.ts', values: ['a', 'c as d'] },
    { from: 'src/f.ts', values: [] },
    { from: 'effect', values: [] },
    { from: 'g', values: ['g'] },
    { from: 'src/y/h.ts', values: ['*'] },
    { from: 'later', values: ['*'] },
  ]);
  assert.ok(SOURCES.length > 100);
  const internal = SOURCES.flatMap(({ imports }) => imports).filter(({ from }) => from.startsWith('src/'));
  assert.deepEqual(
    internal.filter(({ from }) => !SOURCES.some(({ path }) => path === from)),
    [],
  );
});

test('no file imports itself by way of others', () => {
  const graph = new Map(SOURCES.map(({ path, imports }) => [path, imports.map(({ from }) => from)]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (trail.includes(path) || finished.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  assert.deepEqual(cycles, []);
});

test('the sandbox knows nothing of the rest, and only its own commands know it', () => {
  const isSandbox = (path: string) => path.startsWith('src/sandbox/');
  const mayStartIt = oneOf(/^src\/cli\//, /^src\/main\.ts$/);
  assert.deepEqual(
    offences(({ path }, { from }) => isSandbox(path) && from.startsWith('src/') && !isSandbox(from)),
    [],
  );
  assert.deepEqual(
    offences(({ path }, { from }) => isSandbox(from) && !isSandbox(path) && !mayStartIt(path)),
    [],
  );
});

test('the read side and the write side meet only in the store', () => {
  const crosses = (path: string, from: string) =>
    (path.startsWith('src/pollers/') && from.startsWith('src/reconcile/')) ||
    (path.startsWith('src/reconcile/') && from.startsWith('src/pollers/'));
  assert.deepEqual(
    offences(({ path }, { from }) => crosses(path, from)),
    [],
  );
});

test('the status page looks on: it polls nothing, sends nothing to a vendor and needs no command', () => {
  const isOutside = oneOf(
    /^src\/(?:pollers|reconcile|sandbox|cli|setup|retention)\//,
    /^src\/(?:daemon|jobs|composition)\.ts$/,
    /^src\/clients\/(?!hook\.ts$)/,
  );
  assert.deepEqual(
    offences(({ path }, { from }) => path.startsWith('src/status/') && isOutside(from)),
    [],
  );
});

const SQL =
  /(['"`])[^'"`]*\b(?:SELECT\b[^'"`]+\bFROM|INSERT\s+INTO|UPDATE\b[^'"`]+\bSET|DELETE\s+FROM|CREATE\s+TABLE)\b/;
const PROCESS = /(?<![\w.'"`-])process\s*[.?[]|['"](?:node:)?process['"]/;
const CLOCK =
  /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bperformance\.now\b|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b|\bset(?:Timeout|Interval)\b|\bAbortSignal\.timeout\b|['"](?:node:)?timers(?:\/promises)?['"]/;

test('the patterns catch what they are for, and no more', () => {
  const cases: [RegExp, string[], string[]][] = [
    [SQL, ["'SELECT a FROM b'", '`UPDATE t\nSET x = 1`', '"DELETE FROM t"'], ["'FROM here'", 'select(from)']],
    [
      PROCESS,
      ['process.env', ' process?.exit()', "from 'node:process'"],
      ['job.process.x', 'processed.push'],
    ],
    [
      CLOCK,
      ['new Date()', 'Date.now()', 'randomUUID()', "'node:timers/promises'"],
      ['new Date(ms)', 'clock.now()'],
    ],
  ];
  for (const [pattern, caught, free] of cases) {
    for (const code of caught) assert.match(code, pattern);
    for (const code of free) assert.doesNotMatch(code, pattern);
  }
});

test('only the store contains SQL', () => {
  // Salesforce's query language looks the same.
  const isAllowed = oneOf(/^src\/store\//, /^src\/sandbox\/salesforce\//, /^src\/clients\/salesforce\.ts$/);
  assert.deepEqual(mentions(SQL, isAllowed), []);
});

test('only main.ts touches the process', () => {
  assert.deepEqual(mentions(PROCESS, oneOf(/^src\/main\.ts$/)), []);
});

test('only the clock knows time and chance', () => {
  // The sandbox has a clock of its own: a real one unless told otherwise, and a delay to keep.
  const isAllowed = oneOf(/^src\/clock\.ts$/, /^src\/sandbox\/sandbox\.ts$/, /^src\/sandbox\/kernel\//);
  assert.deepEqual(mentions(CLOCK, isAllowed), []);
});

test('every package has its place', () => {
  const composition = [/^src\/composition\.ts$/, /^src\/daemon\.ts$/, /^src\/main\.ts$/, /^src\/cli\//];
  const places: Record<string, RegExp[]> = {
    undici: [/^src\/clients\//, ...composition],
    jsforce: [/^src\/clients\//, ...composition],
    'better-sqlite3': [/^src\/store\//],
    convict: [/^src\/config\//],
    yaml: [/^src\/config\//],
    'node-cron': [/^src\/job\.ts$/, /^src\/config\//],
    pino: [/^src\/logger\.ts$/, /^src\/main\.ts$/, /^src\/cli\//],
  };
  const packageOf = (from: string) => from.split('/')[0] ?? '';
  const isPackage = (from: string) => !from.startsWith('src/') && !from.startsWith('node:');
  assert.deepEqual(
    offences(({ path }, { from }) => isPackage(from) && !oneOf(...(places[packageOf(from)] ?? []))(path)),
    [],
  );
});

test('only the daemon builds the object graph', () => {
  const builds = oneOf(/^src\/daemon\.ts$/, /^src\/cli\//);
  const concrete = /^(?:Livestorm|Pardot|Salesforce)Client\b/;
  assert.deepEqual(
    offences(({ path }, { values }) => !builds(path) && values.some((name) => concrete.test(name))),
    [],
  );
});
