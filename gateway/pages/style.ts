/**
 * What every page of the house looks like: the tokens first, then the plain elements, then a few named parts. A page adds its
 * own rules after these. Nothing is loaded from anywhere; every colour pair reads well (4.5 to 1 or more) in light and dark.
 *
 * `data-state` on `.badge`, `.notice` and `.meter` takes ok, degraded, down, held, maintenance or unknown.
 */
export const pageStyle = `
:root {
  color-scheme: light dark;

  --page: light-dark(#f4f6f8, #12161b);
  --surface: light-dark(#ffffff, #1a2027);
  --surface-sunken: light-dark(#eef1f5, #141a20);
  --line: light-dark(#d5dbe2, #333c47);
  --line-strong: light-dark(#7b8794, #7d8894);
  --text: light-dark(#16202b, #e8edf3);
  --text-quiet: light-dark(#4a5663, #aab5c1);
  --accent: light-dark(#0b5c7d, #7cc8e8);
  --accent-strong: light-dark(#084862, #a3daf1);
  --accent-surface: light-dark(#e2f0f6, #12313f);
  --on-accent: light-dark(#ffffff, #08202b);
  --focus: light-dark(#0b5c7d, #f2c14e);

  --ok: light-dark(#0a6337, #7fdca3);
  --ok-surface: light-dark(#e2f4e9, #123120);
  --degraded: light-dark(#724700, #f4c76e);
  --degraded-surface: light-dark(#fdf0d3, #39290a);
  --down: light-dark(#9c1528, #ff9ea9);
  --down-surface: light-dark(#fde7ea, #43151c);
  --held: light-dark(#573799, #c7b5ff);
  --held-surface: light-dark(#eee8fb, #2b2148);
  --maintenance: light-dark(#174d7e, #97c9f9);
  --maintenance-surface: light-dark(#e2eefb, #12304c);
  --unknown: light-dark(#4a5460, #b5bfcb);
  --unknown-surface: light-dark(#e8ebef, #2a313a);

  --space-1: 0.25rem;
  --space-2: 0.5rem;
  --space-3: 0.75rem;
  --space-4: 1rem;
  --space-5: 1.5rem;
  --space-6: 2rem;
  --space-7: 3rem;

  --radius: 0.5rem;
  --radius-large: 0.75rem;
  --shadow: 0 1px 2px light-dark(#1a27331a, #0006), 0 1px 6px light-dark(#1a27330d, #0003);
  --target: 2.75rem;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace;
}

*, ::before, ::after { box-sizing: border-box }
html { font: 100%/1.5 var(--sans); background: var(--page); color: var(--text); -webkit-text-size-adjust: 100% }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column }
main { flex: 1 }
h1, h2, h3 { margin: 0; line-height: 1.25; text-wrap: balance; letter-spacing: -0.01em }
h1 { font-size: 1.5rem; font-weight: 650 }
h2 { font-size: 1.125rem; font-weight: 650 }
h3 { font-size: 1rem; font-weight: 650 }
p { margin: 0; max-width: 70ch; text-wrap: pretty }
ul, ol, dl { margin: 0; padding: 0; list-style: none }
dd { margin: 0 }
small { font-size: 0.875rem }
code { font: 0.9em var(--mono); overflow-wrap: anywhere }
a { color: var(--accent); text-underline-offset: 0.2em }
a:hover { color: var(--accent-strong) }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 0.25rem }
main:focus, [tabindex='-1']:focus { outline: none }
[hidden] { display: none !important }

.skip { position: absolute; left: -100vw; top: var(--space-2); z-index: 2; padding: var(--space-3) var(--space-4); background: var(--surface); border-radius: var(--radius) }
.skip:focus { left: var(--space-2) }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.quiet { color: var(--text-quiet) }
.number { font-variant-numeric: tabular-nums }
.stack { display: grid; gap: var(--space-4); align-content: start; grid-template-columns: minmax(0, 1fr) }
.row { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-3); align-items: center }
.wide { width: 100%; max-width: 80rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem) }

.topbar { background: var(--surface); border-bottom: 1px solid var(--line) }
.topbar > div { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-4); min-height: 3.5rem; padding-block: var(--space-2) }
.topbar .brand { display: flex; align-items: center; gap: var(--space-3); margin-inline-end: auto; font-weight: 650; color: inherit; text-decoration: none }
.tabs { display: flex; gap: var(--space-1); overflow-x: auto }
.tabs a { display: inline-flex; align-items: center; min-height: var(--target); padding-inline: var(--space-4); color: var(--text-quiet); text-decoration: none; white-space: nowrap; border-bottom: 3px solid transparent }
.tabs a:hover { color: var(--text) }
.tabs a:focus-visible { outline-offset: -3px }
.tabs a[aria-current] { color: var(--text); font-weight: 650; border-color: var(--accent) }

.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-large); box-shadow: var(--shadow); padding: clamp(1rem, 2.5vw, 1.5rem) }
.card > header { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-3); align-items: center; justify-content: space-between }

button, .button {
  display: inline-flex; align-items: center; justify-content: center; gap: var(--space-2); min-height: var(--target); padding: var(--space-2) var(--space-4);
  font: inherit; font-weight: 600; line-height: 1.2; text-decoration: none; cursor: pointer; touch-action: manipulation;
  color: var(--text); background: var(--surface); border: 1px solid var(--line-strong); border-radius: var(--radius);
}
button:hover, .button:hover { background: var(--surface-sunken); color: var(--text) }
button.primary, .button.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent) }
button.primary:hover, .button.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--on-accent) }
button.danger { color: var(--down); border-color: var(--down) }
button.danger:hover { background: var(--down-surface); color: var(--down) }
button.plain { border-color: transparent; background: none; color: var(--accent); padding-inline: var(--space-3) }
button.plain:hover { background: var(--accent-surface) }
button:disabled { cursor: default; color: var(--text-quiet); background: var(--surface-sunken); border-color: var(--line) }

fieldset { margin: 0; padding: 0; border: 0; min-width: 0; display: grid; gap: var(--space-4); grid-template-columns: minmax(0, 1fr) }
legend { padding: 0; font-weight: 650; margin-bottom: var(--space-1) }
.field { display: grid; gap: var(--space-1); align-content: start; min-width: 0 }
.field label, .label { font-weight: 600; font-size: 0.9375rem }
.field .hint { font-size: 0.875rem; color: var(--text-quiet) }
.field .mistake { font-size: 0.875rem; color: var(--down); font-weight: 600 }
.fields { display: grid; gap: var(--space-4); grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)) }
input:not([type='checkbox'], [type='radio']), select, textarea {
  width: 100%; min-height: var(--target); padding: var(--space-2) var(--space-3); font: inherit; color: var(--text);
  background: var(--surface); border: 1px solid var(--line-strong); border-radius: var(--radius);
}
textarea { min-height: 6rem; resize: vertical }
input[aria-invalid='true'], select[aria-invalid='true'], textarea[aria-invalid='true'] { border: 2px solid var(--down) }
input:focus-visible, select:focus-visible, textarea:focus-visible { border-radius: var(--radius) }
input[type='checkbox'], input[type='radio'] { width: 1.25rem; height: 1.25rem; margin: 0; flex: none; accent-color: var(--accent) }
.choice { display: flex; align-items: flex-start; gap: var(--space-3); min-height: var(--target); padding-block: var(--space-2); cursor: pointer }
.choice input { margin-top: 0.15rem }

.table { overflow-x: auto }
table { width: 100%; border-collapse: collapse }
caption { text-align: start; font-weight: 650; padding-bottom: var(--space-2) }
th, td { text-align: start; vertical-align: top; padding: var(--space-3) var(--space-4) var(--space-3) 0; border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
thead th { font-size: 0.8125rem; color: var(--text-quiet); padding-block: var(--space-2) }
tbody tr:last-child > * { border-bottom: 0 }

.badge { display: inline-flex; align-items: center; gap: 0.4em; padding: 0.15em 0.7em; font-size: 0.875rem; font-weight: 600; line-height: 1.5; border-radius: 1em; white-space: nowrap }
.badge::before { font-size: 0.8em; line-height: 1 }
.notice { max-width: none; display: grid; gap: var(--space-2); padding: var(--space-4); border-radius: var(--radius); border-inline-start: 5px solid currentColor }
.notice > * { color: var(--text) }
.notice > h2, .notice > h3 { color: inherit }
:is(.badge, .notice) { color: var(--unknown); background: var(--unknown-surface) }
.badge::before { content: '○' / '' }
:is(.badge, .notice)[data-state='ok'] { color: var(--ok); background: var(--ok-surface) }
.badge[data-state='ok']::before { content: '●' / '' }
:is(.badge, .notice)[data-state='degraded'] { color: var(--degraded); background: var(--degraded-surface) }
.badge[data-state='degraded']::before { content: '▲' / '' }
:is(.badge, .notice)[data-state='down'] { color: var(--down); background: var(--down-surface) }
.badge[data-state='down']::before { content: '✕' / '' }
:is(.badge, .notice)[data-state='held'] { color: var(--held); background: var(--held-surface) }
.badge[data-state='held']::before { content: '‖' / '' }
:is(.badge, .notice)[data-state='maintenance'] { color: var(--maintenance); background: var(--maintenance-surface) }
.badge[data-state='maintenance']::before { content: '◆' / '' }

.meter { height: 0.625rem; border-radius: 1rem; background: var(--surface-sunken); border: 1px solid var(--line); overflow: hidden }
.meter svg { display: block; width: 100%; height: 100% }
.meter rect { fill: var(--unknown) }
.meter[data-state='ok'] rect { fill: var(--ok) }
.meter[data-state='degraded'] rect { fill: var(--degraded) }
.meter[data-state='down'] rect { fill: var(--down) }
.meter[data-state='maintenance'] rect { fill: var(--maintenance) }

details > summary { display: flex; align-items: center; min-height: var(--target); cursor: pointer; font-weight: 600; color: var(--accent) }
details > summary::before { content: '▸' / ''; margin-inline-end: var(--space-2); transition: rotate 0.15s }
details[open] > summary::before { rotate: 90deg }

@media (prefers-reduced-motion: reduce) { *, ::before, ::after { transition: none !important; animation: none !important } }
@media (forced-colors: active) { .badge, .notice, .card { border: 1px solid } }
@media print { .topbar form, .skip, button { display: none } }
`
