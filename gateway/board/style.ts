/** The board's own rules, after the house's. One wall away or in one hand, the state of things is read first. */
export const boardStyle = `
.wide.all { max-width: none; padding-inline: clamp(1rem, 2vw, 2.5rem) }
.wide.narrow { max-width: 30rem; padding-block: var(--space-7) }
main { padding-block: var(--space-4) var(--space-7) }
.brand span { display: grid; line-height: 1.2 }
.brand small { font-weight: 400; color: var(--text-quiet) }
.mark { width: 2rem; height: 2rem; padding: 0.2rem; border-radius: var(--radius); color: var(--on-accent); background: var(--accent); flex: none }
.topbar nav { margin-block-start: calc(-1 * var(--space-2)) }
.who { display: flex; align-items: center; gap: var(--space-1) }
.live { display: inline-flex; align-items: center; gap: var(--space-2); font-weight: 600; font-size: 0.875rem; color: var(--ok) }
.live::before { content: '' / ''; width: 0.7rem; height: 0.7rem; border-radius: 50%; background: currentColor }
.live[data-live='false'] { color: var(--down) }
.live[data-live='false']::before { border-radius: 0 }
.tabs a > span:not(:empty) { margin-inline-start: var(--space-2) }
.pip { display: inline-block; min-width: 1.5em; padding: 0 0.4em; text-align: center; border-radius: 1em; font-size: 0.8125rem; font-weight: 700; color: var(--unknown); background: var(--unknown-surface) }
.pip[data-state='down'] { color: var(--down); background: var(--down-surface) }
.pip[data-state='degraded'] { color: var(--degraded); background: var(--degraded-surface) }
.pip[data-state='maintenance'] { color: var(--maintenance); background: var(--maintenance-surface) }
@media not (scripting: none) { .without-script { display: none } }
p.row, .topbar p { max-width: none }
.tight { gap: var(--space-1) }
.plain-list { display: grid; gap: 0 }
.chip { display: inline-block; padding: 0.05em 0.6em; border: 1px solid var(--line-strong); border-radius: 1em; font-size: 0.875em; font-weight: 600 }
.filter select { width: auto }
.shape { width: 1em; height: 1em; flex: none; fill: currentColor }

[data-state='ok'] { --state: var(--ok); --state-surface: var(--ok-surface) }
[data-state='degraded'] { --state: var(--degraded); --state-surface: var(--degraded-surface) }
[data-state='down'] { --state: var(--down); --state-surface: var(--down-surface) }
[data-state='held'] { --state: var(--held); --state-surface: var(--held-surface) }
[data-state='maintenance'] { --state: var(--maintenance); --state-surface: var(--maintenance-surface) }
[data-state='unknown'] { --state: var(--unknown); --state-surface: var(--unknown-surface) }

.headline { display: flex; flex-wrap: wrap; gap: var(--space-3) var(--space-6); align-items: center; justify-content: space-between; padding: var(--space-4) var(--space-5); border-radius: var(--radius-large); background: var(--state-surface); border-inline-start: 8px solid var(--state) }
.verdict { display: flex; align-items: center; gap: 0.5em; max-width: none; font-size: clamp(1.375rem, 1.6vw + 0.5rem, 2.125rem); font-weight: 700; line-height: 1.2; letter-spacing: -0.02em; color: var(--state) }
.counts { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-6) }
.counts > div { display: grid }
.counts dt { font-size: 0.875rem; color: var(--text) }
.counts dd { font-size: clamp(1.5rem, 1.6vw + 0.75rem, 2.25rem); font-weight: 700; line-height: 1.1; font-variant-numeric: tabular-nums }
.counts a { color: var(--text); text-decoration: none; display: inline-flex; align-items: baseline; gap: 0.3em; min-height: 1.2em }
.counts a:hover { text-decoration: underline }
.counts [data-state='down'] a, .counts [data-state='degraded'] a { color: var(--state) }
.counts small { font-size: 0.875rem; font-weight: 500 }

.tiles { display: grid; gap: var(--space-3); grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)) }
.tiles > li { display: grid }
.tile { position: relative; display: grid; gap: var(--space-2); align-content: start; grid-template-rows: auto auto 1fr auto auto; padding: var(--space-4); background: var(--surface); border: 1px solid var(--line); border-block-start: 6px solid var(--state); border-radius: var(--radius-large); box-shadow: var(--shadow) }
.tile:not([data-state='ok'], [data-state='unknown']) { background: var(--state-surface); border-color: var(--state) }
.tile h2 { font-size: 1.125rem; overflow-wrap: anywhere }
.tile h2 code { font-size: 0.6875em; font-weight: 400; color: var(--text-quiet) }
.tile:not([data-state='ok'], [data-state='unknown']) h2 code { color: var(--text) }
.tile h2 a { color: var(--text); text-decoration: none }
.tile h2 a::after { content: '' / ''; position: absolute; inset: 0 }
.tile:has(a:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px }
.tile h2 a:focus-visible { outline: none }
.tile:hover h2 a { text-decoration: underline }
.state { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.45em; font-size: 1.5rem; line-height: 1.15; color: var(--state); letter-spacing: -0.01em }
.state b { white-space: nowrap; display: inline-flex; align-items: center; gap: 0.4em }
.state .shape { font-size: 0.95em }
.state .since { margin-inline-start: auto; font-size: 0.875rem; color: var(--text-quiet); letter-spacing: 0; white-space: nowrap }
.tile:not([data-state='ok'], [data-state='unknown']) :is(.since, .quiet, dt) { color: var(--text) }
.why { font-size: 0.9375rem; overflow-wrap: anywhere }
.facts { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4) }
.facts dt { font-size: 0.8125rem; color: var(--text-quiet) }
.facts dd { font-size: 1.125rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.2 }
.spark { display: block; width: 100%; height: 2.25rem }
.spark path { fill: none; stroke-width: 1.4; vector-effect: none }
.spark .axis { stroke: var(--line-strong); stroke-width: 0.6 }
.spark .asked { stroke: var(--accent) }
.spark .failed { stroke: var(--down) }
.chart .spark { height: 7rem; margin-block: var(--space-2) }
.scale { display: flex; justify-content: space-between; max-width: none; font-size: 0.8125rem }

.panorama { display: grid; gap: var(--space-3) }
.many .tile:is([data-state='ok'], [data-state='unknown']) { padding: var(--space-2) var(--space-3); gap: 0; grid-template-rows: auto }
.many .tile:is([data-state='ok'], [data-state='unknown']) :is(.why, .facts, .since, .spark) { display: none }
.many .tile:is([data-state='ok'], [data-state='unknown']) h2 { display: grid; font-size: 0.9375rem; line-height: 1.3 }
.many .tile:is([data-state='ok'], [data-state='unknown']) h2 > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.many .tile:is([data-state='ok'], [data-state='unknown']) .state { font-size: 0.9375rem }
.tiles.many { gap: var(--space-2); grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr)) }
.many li:has(.tile:not([data-state='ok'], [data-state='unknown'])) { grid-column: span 2 }
th small { font-weight: 400 }
.columns { display: grid; gap: var(--space-3); grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); align-items: start }
.lines { display: grid; gap: var(--space-2) }
.lines li { overflow-wrap: anywhere }
.figures { display: grid; gap: var(--space-4); grid-template-columns: repeat(auto-fill, minmax(min(100%, 11rem), 1fr)) }
.figures dt { font-size: 0.8125rem; color: var(--text-quiet) }
.figures dd code { font-size: 0.8em }
.figures dd { font-size: 1.125rem; font-weight: 650; overflow-wrap: anywhere }
.figures dd small { font-weight: 400; color: var(--text-quiet) }
.figures [data-state='down'] dd, .figures [data-state='degraded'] dd { color: var(--state) }
.alarm { border-inline-start: 6px solid var(--state) }
.share { display: grid; grid-template-columns: minmax(5rem, 12rem) auto; gap: var(--space-3); align-items: center; justify-content: start }
.empty { padding-block: var(--space-2) }
.elements { display: grid; gap: var(--space-2) var(--space-5); grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)) }
.elements dd { font-weight: 600; overflow-wrap: anywhere }
.act { max-width: 44rem }
.table a:not(.button), .lines a { display: inline-block; padding-block: 0.15rem }
main [aria-current='true'] { font-weight: 700; color: var(--text) }
.table .button { min-height: 2.25rem; padding-block: var(--space-1) }
.act button.danger { color: light-dark(#fff, #2b0a0f); background: var(--down) }
.act button.danger:hover { background: color-mix(in srgb, var(--down), var(--text) 25%) }

@media (min-width: 100rem) {
  html { font-size: 118.75% }
  .panorama { display: grid; gap: var(--space-3); grid-template-columns: minmax(0, 1fr) 21rem; align-items: start }
  .panorama .columns { grid-template-columns: minmax(0, 1fr) }
  .tile { padding: var(--space-3) var(--space-4); gap: var(--space-1) }
  .state { font-size: 1.5rem }
  .headline { flex-wrap: nowrap }
  .counts { flex: none }
  .tiles { grid-template-columns: repeat(auto-fill, minmax(16.5rem, 1fr)) }
}
@media (max-width: 40rem) {
  .topbar .who span.quiet { display: none }
  .headline { padding: var(--space-4) }
  .many li:has(.tile) { grid-column: auto }
  .counts { gap: var(--space-2) var(--space-5) }
}
@media (min-width: 100rem) { .tiles.many { grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)) } }
@media (forced-colors: active) { .tile, .headline { border: 2px solid } .spark path { stroke: CanvasText } }
`
