/** The one style sheet: fonts of the system, light and dark, down to 320 pixels. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --text: #1c2430; --quiet: #566173; --line: #dbe0e8; --accent: #1d5bd0; --on-accent: #fff;
  --good: #12703a; --good-soft: #e0f3e7; --warn: #855300; --warn-soft: #fdf0d5; --bad: #b0241b; --bad-soft: #fde8e6;
  --bar: #4a7fe0; --bar-soft: #8592a7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --card: #191f28; --text: #e5e9ef; --quiet: #9ba7b7; --line: #2c3542; --accent: #7fabff; --on-accent: #0c1626;
    --good: #80d89d; --good-soft: #16301f; --warn: #f0bf66; --warn-soft: #32270f; --bad: #ff9d94; --bad-soft: #3a1c1a;
    --bar: #6f9df0; --bar-soft: #6b7789;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; padding-block: 1rem .25rem; }
header strong { font-size: 1.05rem; }
header nav { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; font-size: .925rem; }
footer { padding-block: 0 2rem; color: var(--quiet); font-size: .875rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .75rem; background: var(--card); z-index: 1; }
a { color: var(--accent); text-underline-offset: 2px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .75rem; }
h3 { font-size: 1rem; line-height: 1.4; margin: 0 0 .25rem; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; max-width: 46rem; }
code { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; background: var(--page); padding: .1rem .35rem; border-radius: 4px; }
.quiet { color: var(--quiet); }
.small { font-size: .875rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin: 0 0 1.25rem; min-width: 0; }
.card > :last-child { margin-bottom: 0; }
.lead { color: var(--quiet); margin-bottom: 1.25rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 1.25rem; align-items: start; }
.problems { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; }
.problems li { border-left: 4px solid var(--warn); padding-left: .9rem; }
.problems li.bad { border-color: var(--bad); }
.problems code { display: inline-block; }
.problems p { margin: 0 0 .25rem; }
.tag { display: inline-block; padding: 0 .55rem; border-radius: 99px; font-size: .8rem; line-height: 1.5rem; white-space: nowrap; background: var(--good-soft); color: var(--good); }
.tag.warn { background: var(--warn-soft); color: var(--warn); }
.tag.bad { background: var(--bad-soft); color: var(--bad); }
.tag.off { background: transparent; color: var(--quiet); box-shadow: inset 0 0 0 1px var(--line); }
table { border-collapse: collapse; width: 100%; font-size: .925rem; margin-bottom: .75rem; }
caption { text-align: left; color: var(--quiet); font-size: .875rem; padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 600; }
thead th { font-size: .825rem; color: var(--quiet); }
td { overflow-wrap: anywhere; }
time, .away { white-space: nowrap; }
svg { display: block; width: 100%; }
svg.chart { height: 7rem; border-bottom: 1px solid var(--quiet); }
svg.bar { height: .5rem; max-width: 9rem; margin-top: .2rem; }
.full { fill: var(--bar); }
.rest { fill: var(--bar-soft); }
.empty { fill: var(--line); }
.hot { fill: var(--bad); }
figure { margin: 0 0 1rem; }
figcaption { font-size: .925rem; margin-bottom: .4rem; }
.axis { display: flex; justify-content: space-between; font-size: .8rem; color: var(--quiet); }
.key { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; background: var(--bar); }
.key.rest { background: var(--bar-soft); }
summary { cursor: pointer; color: var(--accent); font-size: .925rem; }
details[open] > summary { margin-bottom: .6rem; }
details { margin-bottom: .75rem; }
form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: 0 0 .75rem; }
label { flex: 1 1 16rem; max-width: 30rem; font-weight: 600; font-size: .925rem; }
input { display: block; width: 100%; min-height: 2.6rem; margin-top: .25rem; padding: .4rem .6rem; font: inherit; font-weight: 400; color: inherit; background: var(--page); border: 1px solid var(--quiet); border-radius: 7px; }
button { font: inherit; font-weight: 600; min-height: 2.6rem; padding: .35rem 1.1rem; border-radius: 7px; cursor: pointer; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); }
button.second { background: transparent; color: var(--accent); }
:is(a, button, input, summary):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.steps { list-style: none; margin: .75rem 0 0; padding: 0; }
.steps li { display: grid; grid-template-columns: 11rem 7rem minmax(0, 1fr); gap: 0 1rem; padding: .45rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.steps p { margin: .25rem 0 0; }
@media (max-width: 46rem) {
  table, caption, tbody, tr, th, td { display: block; }
  thead { position: absolute; left: -999rem; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  th, td { padding: .15rem 0; border: 0; }
  tbody td { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .5rem; }
  tbody td::before { content: attr(data-label); color: var(--quiet); font-size: .825rem; line-height: 1.7; }
  tbody td:not([data-label]) { display: block; }
  .steps li { grid-template-columns: minmax(0, 1fr); }
}
`;
