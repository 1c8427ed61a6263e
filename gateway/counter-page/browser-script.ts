/**
 * What a script adds: ages that go on, an order that changes by itself, and a button that says it is busy. The page works
 * without. It runs in the browser, so it is written as text; nothing in it is made from data.
 */
export const browserScript = `
const language = document.documentElement.lang
const relative = new Intl.RelativeTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', { numeric: 'auto' })
// By the server's clock: that of an office computer may be wrong.
const ahead = Date.parse(document.getElementById('content').dataset.now) - Date.now()
const units = [['day', 86400000], ['hour', 3600000], ['minute', 60000], ['second', 1000]]

function tellAges() {
  for (const element of document.querySelectorAll('[data-relative]')) {
    const ms = Date.parse(element.dataset.relative) - Date.now() - ahead
    const [unit, size] = units.find(([, size]) => Math.abs(ms) >= size) ?? units.at(-1)
    const whole = Math.floor(Math.abs(ms) / size)
    element.textContent = relative.format(ms < 0 || whole === 0 ? -whole : whole, unit)
  }
}
setInterval(tellAges, 1000)

document.addEventListener('submit', event => {
  const button = event.submitter
  if (!button?.dataset.busy) return
  // After the form has been read: a disabled button would not be sent along.
  setTimeout(() => {
    button.dataset.said = button.innerHTML
    button.textContent = button.dataset.busy
    button.disabled = true
  })
})
addEventListener('pageshow', event => {
  if (event.persisted) location.reload() // kept by the browser from before: the visit may have ended
})

for (const form of document.querySelectorAll('form[data-save]'))
  form.addEventListener('change', () => form.requestSubmit())

const order = document.querySelector('[data-live]')
if (order) {
  const live = document.getElementById('order-live')
  const status = document.getElementById('order-status')
  const follows = document.getElementById('follows')
  const source = new EventSource(order.dataset.live)
  const tellConnection = isOpen => {
    follows.hidden = !isOpen
    document.getElementById('refresh').hidden = isOpen
  }
  source.onopen = () => tellConnection(true)
  source.onerror = () => tellConnection(false)
  source.addEventListener('order', event => {
    const { html, state, ended } = JSON.parse(event.data)
    // Whoever is writing a reason goes on writing; the next change comes soon enough.
    if (!live.contains(document.activeElement) || ended) {
      const opened = [...live.querySelectorAll('details[open]')].map(({ dataset }) => dataset.keep)
      live.innerHTML = html
      for (const details of live.querySelectorAll('details')) details.open = opened.includes(details.dataset.keep)
    }
    if (status.textContent !== state) status.textContent = state
    if (ended) {
      source.close()
      follows.hidden = true
    }
  })
}
`
