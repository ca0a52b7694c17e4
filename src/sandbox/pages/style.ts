/** The one style sheet: system fonts, light and dark, down to 320 pixels. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --text: #1b2430; --quiet: #5b6675; --line: #dde2e9;
  --accent: #1f5fd6; --on-accent: #fff; --soft: #e9f0fd; --good: #17753c; --good-soft: #e2f4e8;
  --bad: #b3261e; --bad-soft: #fde9e7; --warn: #8a5a00; --warn-soft: #fdf1d8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --text: #e6eaf0; --quiet: #9aa6b5; --line: #2d3643;
    --accent: #7aa8ff; --on-accent: #0d1726; --soft: #1d2b44; --good: #7fd69b; --good-soft: #17301f;
    --bad: #ff9b92; --bad-soft: #3a1c1a; --warn: #f2c063; --warn-soft: #33280f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--accent); text-underline-offset: 2px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; }
p { margin: 0 0 .75rem; }
code, .id { font: .85em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .25rem .75rem; z-index: 1; }
.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.bar > div, main { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
.bar > div { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: baseline; padding-block: .6rem; }
.bar strong { white-space: nowrap; }
.bar nav { display: flex; flex-wrap: wrap; gap: 0 1.1rem; }
.bar nav a { text-decoration: none; color: var(--quiet); padding: .25rem 0; border-bottom: 2px solid transparent; }
.bar nav a:hover { color: var(--text); }
.bar nav a[aria-current] { color: var(--text); border-color: var(--accent); }
main { padding-block: 1.75rem 4rem; }
main.narrow { max-width: 34rem; }
.lead { color: var(--quiet); margin-bottom: 1.5rem; max-width: 46rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin-bottom: 1.25rem; min-width: 0; }
.card > :last-child { margin-bottom: 0; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem; margin-bottom: 1.25rem; align-items: start; }
.grid > .card, .fields > .grid { margin: 0; }
.fields > .grid { gap: .75rem 1.25rem; align-items: end; }
.head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; }
.quiet { color: var(--quiet); }
.small { font-size: .875rem; }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 99px; background: var(--soft); color: var(--accent); font-size: .8rem; line-height: 1.5rem; white-space: nowrap; }
.tag.good { background: var(--good-soft); color: var(--good); }
.tag.bad { background: var(--bad-soft); color: var(--bad); }
.tag.warn { background: var(--warn-soft); color: var(--warn); }
.tag.off { background: transparent; color: var(--quiet); box-shadow: inset 0 0 0 1px var(--line); }
.note { border-radius: 8px; padding: .6rem .9rem; margin-bottom: 1.25rem; background: var(--good-soft); color: var(--good); }
.note.bad { background: var(--bad-soft); color: var(--bad); }
.note ul { margin: 0; padding-left: 1.1rem; }
.scroll { overflow-x: auto; margin: 0 0 .75rem; }
.scroll:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 600; font-size: .825rem; color: var(--quiet); white-space: nowrap; }
time { white-space: nowrap; }
td .row { flex-wrap: nowrap; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1.25rem; margin: 0 0 .75rem; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
form { margin: 0; }
.fields { display: grid; gap: .75rem; margin-bottom: .9rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
label { display: block; font-size: .9rem; font-weight: 600; }
label .hint, .hint { font-weight: 400; color: var(--quiet); font-size: .85rem; }
label.check { display: flex; gap: .5rem; align-items: baseline; font-weight: 400; }
input:not([type=checkbox]), select, textarea {
  display: block; width: 100%; min-height: 2.5rem; margin-top: .2rem; padding: .4rem .6rem; font: inherit; font-weight: 400;
  color: inherit; background: var(--page); border: 1px solid var(--quiet); border-radius: 7px;
}
.row input:not([type=checkbox]), .row select { width: auto; flex: 1 1 9rem; min-width: 0; margin: 0; }
:is(input, select, textarea, button, a, summary):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button { font: inherit; font-weight: 600; min-height: 2.5rem; padding: .35rem 1rem; border-radius: 7px; cursor: pointer; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); }
button.second { background: transparent; color: var(--accent); }
button.danger { background: transparent; color: var(--bad); border-color: var(--bad); }
button.tiny { white-space: nowrap; min-height: 2rem; padding: .1rem .7rem; font-size: .875rem; }
button:hover { filter: brightness(1.08); }
details { margin-bottom: .9rem; }
details > summary { cursor: pointer; font-weight: 600; }
details[open] > summary { margin-bottom: .75rem; }
pre { margin: 0; padding: .9rem; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 8px; font: .85rem/1.5 ui-monospace, monospace; }
.switch { padding: .7rem 0; border-top: 1px solid var(--line); display: grid; grid-template-columns: 1fr minmax(0, 20rem); gap: .35rem 1.25rem; align-items: center; }
.switch.changed .name::after { content: " · changed"; color: var(--warn); font-weight: 400; font-family: system-ui, sans-serif; }
@media (max-width: 44rem) {
  table, tbody, tr, td { display: block; }
  thead { position: absolute; left: -999rem; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tr:first-child { padding-top: 0; }
  tbody tr:last-child { border-bottom: 0; }
  td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); padding: .2rem 0; border: 0; overflow-wrap: anywhere; }
  td::before { content: attr(data-label); color: var(--quiet); font-size: .825rem; line-height: 1.7; }
  .switch { grid-template-columns: 1fr; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
`;
