/** What the counter page adds to the look of the house. */
export const counterStyle = `
main { padding-block: var(--space-5) var(--space-7) }
.mark { width: 2rem; height: 2rem; flex: none }
.mark rect { fill: #0b5c7d }
.mark path { fill: none; stroke: #fff; stroke-width: 2.4; stroke-linejoin: round }
.brand > span { display: grid; line-height: 1.25 }
.brand small { font-weight: 400; font-size: 0.8125rem }
.tight { gap: var(--space-1) }
.spread { justify-content: space-between; align-items: flex-start }
.narrow { max-width: 40rem; margin-inline: auto }
.large { font-size: 1.0625rem; padding-inline: var(--space-5); min-height: 3.25rem }
.badge.large { min-height: 0; padding: 0.2em 0.9em; font-size: 1.125rem }
.badge.small { font-size: 0.75rem; padding: 0 0.6em }

.topbar > .visit { border-top: 1px solid var(--line); justify-content: space-between; min-height: 0; padding-block: var(--space-3) }
.visit dl { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-5); min-width: 0 }
.visit dt, .facts dt { font-size: 0.8125rem; color: var(--text-quiet) }
.visit dd { font-weight: 600 }
.visit dd small { font-weight: 400 }
.visit .change { font-weight: 400; font-size: 0.9375rem; margin-inline-start: var(--space-2); padding-block: var(--space-1) }
.topbar > nav { min-height: 0; padding-block: 0; display: block }
.topbar > nav .tabs { margin-inline: calc(-1 * var(--space-4)) }

.start { display: grid; gap: var(--space-6); align-items: center; max-width: 64rem; margin: clamp(0rem, 6vh, 4rem) auto }
.start .card { padding: clamp(1.25rem, 4vw, 2.25rem) }
.does { display: grid; gap: var(--space-3) }
.does li { padding-inline-start: var(--space-5); position: relative; color: var(--text-quiet) }
.does li::before { content: '→' / ''; position: absolute; inset-inline-start: 0; color: var(--accent) }

.ask, .two { display: grid; gap: var(--space-5); align-items: start; grid-template-columns: minmax(0, 1fr) }
.empty { display: grid; gap: var(--space-2); padding: var(--space-6) var(--space-5); border: 1px dashed var(--line-strong); border-radius: var(--radius-large); color: var(--text-quiet) }
.empty h2 { color: var(--text) }
.field input.number { font-size: 1.125rem; letter-spacing: 0.04em }
.examples { border-top: 1px solid var(--line); padding-top: var(--space-4) }
.examples h2 { font-size: 0.875rem; color: var(--text-quiet) }
.examples ul { margin-inline: calc(-1 * var(--space-3)) }
.examples button { width: 100%; justify-content: space-between; flex-wrap: wrap; gap: 0 var(--space-3); font-weight: 400 }
.examples button .number { font-size: 0.9375rem }
.examples small { color: var(--text-quiet) }

.name { font-size: 1.375rem }
.summary { padding: var(--space-3) var(--space-4); border-radius: var(--radius); background: var(--surface-sunken); max-width: none }
.record { display: grid; container-type: inline-size }
.record > div { display: grid; gap: 0 var(--space-4); padding-block: var(--space-2); border-top: 1px solid var(--line) }
.record dt { color: var(--text-quiet); font-size: 0.9375rem }
.record .value { font-weight: 600; overflow-wrap: anywhere }
.record .value .quiet { font-weight: 400 }
.record abbr { text-transform: capitalize; text-decoration: none }
.record .origin { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-2); align-items: center; font-size: 0.8125rem; color: var(--text-quiet) }
mark { padding: 0 0.35em; border-radius: 0.25rem; background: var(--degraded-surface); color: var(--degraded) }
.chips { display: flex; flex-wrap: wrap; gap: var(--space-2) }
.chips li { padding: 0 0.7em; border: 1px solid var(--line-strong); border-radius: 1em; font-size: 0.875rem }
.trail { display: grid; gap: var(--space-2); padding-inline: var(--space-4) }
.trail h3 { font-size: 0.875rem; color: var(--text-quiet) }
.sources .badge { white-space: normal }
.sources { display: grid; gap: var(--space-2) }
.notice .kind { font-size: 0.8125rem; font-weight: 650; text-transform: uppercase; letter-spacing: 0.04em; color: inherit }
.notice h3 { font-size: 1rem }
.notice ul { list-style: disc; padding-inline-start: 1.25rem }
.notice ul.chips { list-style: none; padding: 0 }
.facts { display: flex; flex-wrap: wrap; gap: var(--space-3) var(--space-6) }
.facts dd { overflow-wrap: anywhere }
.wide-facts { display: grid; gap: var(--space-5) }
.wide-facts dd { display: grid; gap: var(--space-1) }
.line { display: block }
.confirm { color: var(--degraded); font-weight: 600 }
.steps { list-style: decimal; padding-inline-start: 1.25rem }
.ticks > li { display: flex; gap: var(--space-3); align-items: center; justify-content: space-between; border-top: 1px solid var(--line); padding-block: var(--space-1) }
.ticks > li:first-child { border-top: 0 }
.ticks > li > span:first-child { padding-block: var(--space-2) }
.ticks .choice { flex: 1 }
.ticks small { display: block }

.report fieldset.card { margin-top: 0 }
.report legend { float: inline-start; width: 100%; margin: 0 }
.report legend + * { clear: both }
.report fieldset fieldset { border-top: 1px solid var(--line); padding-top: var(--space-4) }
.report .field[data-kind='lines'] { grid-column: 1 / -1 }

.order { display: grid; gap: var(--space-4); grid-template-columns: minmax(0, 1fr) }
details.card { padding-block: var(--space-2) }
.state .next { font-size: 1.125rem; font-weight: 600 }
.elapsed { font-size: 1rem }
.elapsed strong { font-size: 1.75rem; font-weight: 650; letter-spacing: -0.02em }
.reference { font-size: 1.375rem; font-weight: 650; overflow-wrap: anywhere }
.result { border-color: var(--ok); border-width: 2px }
.history { display: grid }
.history li { display: grid; grid-template-columns: 7.5rem 1fr; gap: var(--space-3); padding-block: var(--space-2); border-top: 1px solid var(--line) }
.history li:first-child { border-top: 0 }

@container (min-width: 26rem) {
  .record > div { grid-template-columns: minmax(8rem, 12rem) minmax(0, 1fr); align-items: baseline }
  .record .origin { grid-column: 2 }
}
@container (min-width: 42rem) {
  .record > div { grid-template-columns: minmax(8rem, 12rem) minmax(0, 1fr) auto }
  .record .origin { grid-column: 3; justify-content: flex-end }
}
@media (min-width: 62rem) {
  .start { grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr) }
  .ask { grid-template-columns: 24rem minmax(0, 1fr) }
  .ask > :first-child { position: sticky; top: var(--space-4) }
  .two { grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr) }
  .order > div > .two { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) }
}
@media (max-width: 30rem) {
  .visit dl { gap: var(--space-2) var(--space-4) }
  .visit .service { width: 100% }
  .visit dd small { display: none }
  .visit .danger { min-height: var(--target) }
  .history li { grid-template-columns: 1fr; gap: 0 }
}
`
