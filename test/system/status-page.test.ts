import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { busy, serve, stage, TOKEN } from '../status/stage.ts';

/** Debian's own; `CHROMIUM` names another one. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Where pictures go, for somebody to look at; none are taken without it. */
const SHOTS = process.env.SHOTS;

/** Runs in the browser: as it is, without what a compiler adds. */
const CONTRAST = readFileSync(new URL('../support/weak-texts.js', import.meta.url), 'utf8');

let browser: Browser | undefined;
let missing = '';

before(async () => {
  const playwright = await import('playwright-core').catch(() => undefined);
  if (!playwright) missing = 'playwright-core is not installed (npm install)';
  else if (!existsSync(CHROMIUM)) missing = `${CHROMIUM} is not there (Debian: apt install chromium)`;
  else browser = await playwright.chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
});

/** The page of a busy connector in a browser without scripts; what it asks of others is refused and kept. */
async function open(
  t: TestContext,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; url: string; foreign: string[]; complaints: string[] }> {
  assert.ok(browser);
  const on = stage(t);
  busy(on);
  const { url } = await serve(t, on);
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  t.after(() => context.close());
  const foreign: string[] = [];
  const complaints: string[] = [];
  await context.route('**', (route) => {
    if (new URL(route.request().url()).origin === url) return route.continue();
    foreign.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(url);
  return { page, url, foreign, complaints };
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function find(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Show what happened' }).click();
}

test('an admin sees what is wrong, logs in, and is told why somebody is not registered, without a script', async (t) => {
  if (!browser) return t.skip(missing);
  const { page, url, foreign, complaints } = await open(t);
  await assertText(page, 'heading', '5 things need attention');
  assert.equal(await page.getByText('person1@example.com').count(), 0);
  await logIn(page);
  assert.equal(page.url(), `${url}/#person`);
  await find(page, 'Person1@Example.com ');
  assert.equal(page.url(), `${url}/person`, 'the address is not in the URL');
  await assertText(page, 'heading', 'person1@example.com');
  assert.match(
    await page.locator('main').innerText(),
    /not registered: refused by the vendor or failed too often/,
  );
  await find(page, 'persn1@example.com');
  assert.match(await page.locator('main').innerText(), /almost the same[\s\S]*person1@example\.com/);
  await page.getByRole('link', { name: 'Back to the status' }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  assert.equal(await page.getByLabel('Token').count(), 1);
  assert.deepEqual(
    [foreign, complaints],
    [[], []],
    'nothing from elsewhere, and the browser has nothing to complain of',
  );
});

test('a wrong token is told, and lets nobody in', async (t) => {
  if (!browser) return t.skip(missing);
  const { page } = await open(t);
  await page.getByLabel('Token').fill('something else');
  await page.getByRole('button', { name: 'Log in' }).click();
  await assertText(page, 'heading', 'Wrong token');
  await page.getByRole('link', { name: 'Back to the status' }).click();
  assert.equal(await page.getByLabel('E-mail address').count(), 0);
});

for (const width of [390, 1280]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`at ${width} pixels in ${colorScheme} nothing is cut off, and every text can be read`, async (t) => {
      if (!browser) return t.skip(missing);
      const { page } = await open(t, { viewport: { width, height: 900 }, colorScheme });
      await assertFits(page, width);
      assert.deepEqual(await weakTexts(page), []);
      await shoot(page, `overview-${colorScheme}-${width}`);
      await page.getByText('The same as tables').click();
      await assertFits(page, width);
      await logIn(page);
      await find(page, 'person1@example.com');
      await assertFits(page, width);
      assert.deepEqual(await weakTexts(page), []);
      await shoot(page, `person-${colorScheme}-${width}`);
    });
  }
}

test('the keyboard reaches everything in the order of reading, and the focus is seen', async (t) => {
  if (!browser) return t.skip(missing);
  const { page } = await open(t);
  const focused = page.locator(':focus');
  const reached: string[] = [];
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab');
    const name = (await focused.getAttribute('name')) ?? (await focused.innerText());
    reached.push(name);
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineWidth');
    assert.equal(outline, '3px', name);
  }
  const sections = ['Flows', 'Registrations', 'Sessions', 'Quota', 'Failures', 'Find a person'];
  assert.deepEqual(reached, [
    'Skip to the content',
    ...sections,
    'Ask anew every minute',
    'The same as tables',
    'What the calls were for',
    'token',
    'Log in',
  ]);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type(TOKEN);
  await page.keyboard.press('Enter');
  await page.getByLabel('E-mail address').waitFor();
});

test('a screen reader is given landmarks, one title, headings in order, named tables and charts, labels', async (t) => {
  if (!browser) return t.skip(missing);
  const { page } = await open(t, { viewport: { width: 390, height: 900 } });
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  for (const landmark of ['main', 'banner', 'navigation'] as const) {
    assert.equal(await page.getByRole(landmark).count(), 1, landmark);
  }
  const levels = await page
    .locator('h1, h2, h3')
    .evaluateAll((headings) => headings.map(({ tagName }) => Number(tagName.slice(1))));
  assert.equal(levels[0], 1);
  assert.equal(levels.filter((level) => level === 1).length, 1);
  levels.forEach((level, index) => {
    assert.ok(level <= (levels[index - 1] ?? 0) + 1, 'no level is left out');
  });
  for (const region of await page.locator('section').all())
    assert.ok(await region.getByRole('heading').count());
  for (const table of await page.locator('table').all()) {
    assert.ok((await table.locator('caption').textContent())?.trim());
    assert.equal(await table.locator('th:not([scope])').count(), 0);
    assert.equal(await table.getAttribute('role'), 'table', 'also where it is laid out in blocks');
  }
  for (const chart of await page.locator('svg').all()) {
    const isHidden = (await chart.getAttribute('aria-hidden')) === 'true';
    assert.ok(isHidden || (await chart.getAttribute('aria-label')), 'a chart is named or left out');
  }
  const unlabelled =
    "[...document.querySelectorAll('input:not([hidden])')].filter(({ labels }) => labels.length === 0)";
  assert.equal(await page.evaluate<number>(`${unlabelled}.length`), 0);
});

test('the page that asks anew every minute has no form that would be emptied', async (t) => {
  if (!browser) return t.skip(missing);
  const { page, url } = await open(t);
  assert.equal(await page.locator('meta[http-equiv=refresh]').count(), 0);
  await page.getByRole('link', { name: 'Ask anew every minute' }).click();
  assert.equal(page.url(), `${url}/live`);
  assert.equal(await page.locator('meta[http-equiv=refresh]').getAttribute('content'), '60');
  assert.equal(await page.locator('form').count(), 0);
});

async function assertText(page: Page, role: 'heading', name: string): Promise<void> {
  assert.equal(await page.getByRole(role, { name, level: 1, exact: true }).count(), 1, name);
}

async function assertFits(page: Page, width: number): Promise<void> {
  const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
  assert.ok(needed <= width, `needs ${needed} pixels`);
}

/** Texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3), with how much they have. */
async function weakTexts(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(CONTRAST);
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
