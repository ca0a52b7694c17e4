/**
 * Plants one bug after the other in a copy of the tree and runs the tests that must notice it. Fails when a bug
 * survives, or when those tests fail without it.
 *
 *   npm run mutants [-- PART_OF_A_NAME]
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutation, occurrences } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const COPIED = ['package.json', 'tsconfig.json', 'config', 'docs', 'src', 'systemd', 'test', 'README.md'];

const LONGEST_MS = 180_000;

/** A private copy of the tree; the packages are shared. */
function copyTree(): string {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-mutants-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(dir, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  return dir;
}

/** Whether the tests pass in this tree. */
async function pass(dir: string, tests: readonly string[]): Promise<boolean> {
  const files = tests.map((path) => `test/${path}.test.ts`);
  const args = ['--import', 'tsx', '--test', '--test-timeout=120000', ...files];
  // A bug may make a test run for ever.
  const limits = { timeout: LONGEST_MS, killSignal: 'SIGKILL' } as const;
  const child = spawn(process.execPath, args, { cwd: dir, stdio: 'ignore', ...limits });
  return await new Promise((resolve) => child.on('exit', (code) => resolve(code === 0)));
}

/** Whether the tests notice the bug. */
async function isCaught(dir: string, { file, find, replace, tests }: Mutation): Promise<boolean> {
  const path = join(dir, 'src', file);
  const source = readFileSync(path, 'utf8');
  if (occurrences(source, find) !== 1) throw new Error(`${file} has changed: ${find}`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  const passed = await pass(dir, tests);
  writeFileSync(path, source);
  return !passed;
}

const wanted = process.argv[2] ?? '';
const queue = MUTATIONS.filter(({ name }) => name.includes(wanted));
const chosen = queue.length;
const trees = Array.from({ length: Math.min(availableParallelism(), chosen) }, copyTree);
const survivors: string[] = [];
try {
  const [tree] = trees;
  if (!tree) throw new Error(`no planted bug is called like "${wanted}"`);
  if (!(await pass(tree, [...new Set(queue.flatMap(({ tests }) => tests))]))) {
    throw new Error('the tests fail without any planted bug');
  }
  const work = async (dir: string): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const caught = await isCaught(dir, next);
      if (!caught) survivors.push(next.name);
      process.stdout.write(`${caught ? 'caught  ' : 'SURVIVED'}  ${next.name}\n`);
    }
  };
  await Promise.all(trees.map(work));
} finally {
  for (const dir of trees) rmSync(dir, { recursive: true, force: true });
}
process.stdout.write(`\n${chosen - survivors.length} of ${chosen} planted bugs caught\n`);
process.exitCode = survivors.length === 0 ? 0 : 1;
