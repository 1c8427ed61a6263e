import { html } from 'hono/html'
import { it } from 'vitest'
import { describeWithBrowser, expectAccessible } from '#gateway/testing/browser.ts'
import { pageKind } from './document.ts'

const states = ['ok', 'degraded', 'down', 'held', 'maintenance', 'unknown']

const body = html`<main class="wide stack">
  <h1>Heading</h1>
  <section class="card stack">
    <header>
      <h2>Card</h2>
      <p class="quiet">Quiet</p>
      ${states.map(state => html`<span class="badge" data-state="${state}">${state}</span>`)}
    </header>
    ${states.map(
      state =>
        html`<div class="notice" data-state="${state}">
          <h3>${state}</h3>
          <p>Text with <a href="#a">a link</a></p>
        </div>`,
    )}
    <p class="row">
      <button class="primary">Primary</button><button>Usual</button><button class="danger">Danger</button>
      <button class="plain">Plain</button>
    </p>
    <div class="field">
      <label for="a">Label</label><input id="a" value="Value" />
      <p class="hint">Hint</p>
      <p class="mistake">Mistake</p>
    </div>
  </section>
</main>`

describeWithBrowser('what pages are made of', browser => {
  it.each(['light', 'dark'] as const)('reads well in %s', async scheme => {
    const page = await browser.open({ scheme })
    await page.setContent(String(await pageKind().document({ language: 'en', title: 'Specimen', body })))
    await expectAccessible(page)
  })
})
