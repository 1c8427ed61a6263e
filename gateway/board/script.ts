/** What makes a page of the board live. It swaps what has changed, and leaves alone where somebody is. */
import { ageText } from './ages.ts'

export const boardScript = `
const ageText = ${ageText.toString()};
const language = document.documentElement.lang;
const page = document.querySelector('[data-version]');
const state = document.getElementById('live');
let ahead = page ? Number(page.dataset.at) - Date.now() : 0;
let heardAt = Date.now();

function tellAges() {
  const now = Date.now() + ahead;
  for (const time of document.querySelectorAll('time[data-age]')) {
    const text = ageText(now - Date.parse(time.dateTime), language);
    if (time.textContent !== text) time.textContent = text;
  }
}

function tellState(isLive) {
  if (!state || state.dataset.live === String(isLive)) return;
  state.dataset.live = String(isLive);
  state.querySelector('[data-word]').textContent = isLive ? state.dataset.on : state.dataset.off;
  const notice = document.getElementById('not-live');
  notice.hidden = isLive;
  if (!isLive) notice.querySelector('time').textContent = new Date(heardAt + ahead).toLocaleTimeString(language, { timeZone: page.dataset.zone });
}

function swap(id, html) {
  const old = document.getElementById(id);
  if (!old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
  const place = focused && (focused.id ? '#' + CSS.escape(focused.id) : focused.getAttribute('href') ? '[href="' + CSS.escape(focused.getAttribute('href')) + '"]' : undefined);
  const open = [...old.querySelectorAll('details[open][id]')].map(one => one.id);
  const scrolled = [...old.querySelectorAll('.table')].map(one => one.scrollLeft);
  old.innerHTML = html;
  for (const one of open) document.getElementById(one)?.setAttribute('open', '');
  old.querySelectorAll('.table').forEach((one, index) => { one.scrollLeft = scrolled[index] ?? 0; });
  if (place) old.querySelector(place)?.focus({ preventScroll: true });
}

function arrange(id, order) {
  const list = document.getElementById(id);
  if (!list || [...list.children].every((one, index) => one.id === order[index])) return;
  const focused = document.activeElement;
  for (const one of order) { const item = document.getElementById(one); if (item) list.append(item); }
  if (focused && list.contains(focused)) focused.focus({ preventScroll: true });
}

function heard(at) {
  heardAt = Date.now();
  ahead = at - heardAt;
  tellState(true);
  tellAges();
}

function connect() {
  const address = '/ops/live?page=' + encodeURIComponent(location.pathname + location.search) + '&version=' + page.dataset.version;
  const source = new EventSource(address);
  source.addEventListener('beat', event => heard(Number(event.data)));
  source.addEventListener('change', event => {
    const { at, version, fragments, lists } = JSON.parse(event.data);
    for (const [id, html] of fragments) swap(id, html);
    for (const [id, order] of lists) arrange(id, order);
    page.dataset.version = version;
    heard(at);
  });
  source.addEventListener('over', () => {
    source.close();
    tellState(false);
    document.getElementById('over').hidden = false;
  });
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(connect, 10000);
  });
}

if (page) {
  connect();
  setInterval(() => {
    if (Date.now() - heardAt > 12000) tellState(false);
    tellAges();
  }, 1000);
}

for (const control of document.querySelectorAll('[data-submits]')) control.addEventListener('change', () => control.form.requestSubmit());
for (const form of document.querySelectorAll('form[method="post"]:not([data-again])')) form.addEventListener('submit', event => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
});
window.addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent; });
`
