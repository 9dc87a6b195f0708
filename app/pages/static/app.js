// Makes pages handier. Every page does all its work without this file.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const page = document.documentElement;
const worker = navigator.serviceWorker;
const TOLD = ['v', 'other', 'series', 'reason', 'to', 'unknown'].map((name) => `[name=${name}]:checked+label>b`).join();
const AHEAD_YEARS = 2;

document.querySelector('.errsum')?.focus();

// Says a typed date back: 令和8, R8, 8, 2026 and full-width digits, read as the server reads them.
const half = (text) => text.normalize('NFKC').trim();
const latestYear = (id) => new Date().getFullYear() + (/^(go|at)-/.test(id) ? AHEAD_YEARS : 0);
const readYear = (text, latest) => {
  const [, era, digits] = /^(令和|平成|R|H)?\s*(元|\d{1,4})\s*年?$/i.exec(half(text)) ?? [];
  const n = digits === '元' ? 1 : +digits;
  if (era) return n + (/令和|R/i.test(era) ? 2018 : 1988);
  return n > 99 ? n : [2018 + n, 2000 + n, 1988 + n].find((year) => year <= latest) ?? NaN;
};
const readNumber = (text) => +(/^(\d{1,2})\s*[月日]?$/.exec(half(text))?.[1] ?? NaN);
const readDate = ([y, m, d]) => {
  const [year, month, day] = [readYear(y.value, latestYear(y.id)), readNumber(m.value), readNumber(d.value)];
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date : null;
};
const say = (date) => {
  const spoken = { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' };
  if (page.lang === 'en') return date.toLocaleDateString('en-GB', spoken);
  const era = date.toLocaleDateString('ja-u-ca-japanese', { era: 'long', year: 'numeric' });
  return `${date.toLocaleDateString('ja', spoken)} ${era}`;
};
const echoes = [];
for (const box of all('.date').filter((box) => !box.closest('.hb'))) {
  const echo = box.insertAdjacentElement('afterend', document.createElement('output'));
  const tell = () => { const date = readDate(all('input', box)); echo.textContent = date ? say(date) : ''; };
  echo.className = 'echo';
  box.addEventListener('input', tell);
  echoes.push(tell);
}

// A form kept on this device gets a command of its own, and today where it said the today of then.
if (page.dataset.seen) {
  all('input[name=command]').forEach((input) => { input.value = crypto.randomUUID(); });
  const date = all('#on-y, #on-m, #on-d'), now = new Date();
  const then = page.dataset.today;
  if (date.map((input) => input.value).join('-') === then && now > new Date(...then.split('-').map((n, place) => n - (place === 1)))) {
    [now.getFullYear(), now.getMonth() + 1, now.getDate()].forEach((n, place) => { date[place].value = n; });
  }
}
echoes.forEach((tell) => tell());

// The button says how many doses will be saved.
for (const form of all('form[data-count]')) {
  const go = form.querySelector('.go'), plain = go.textContent;
  const tell = () => {
    const n = all('[name=v]:checked, [name=other]:checked', form).length;
    go.textContent = n === 0 ? plain : n === 1 ? form.dataset.one : form.dataset.count.replace('{n}', n);
  };
  form.addEventListener('change', tell);
  tell();
}

// A second tap sends nothing; the server would answer it as the first.
addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '1';
  submitter?.setAttribute('aria-busy', 'true');
  if (form.told) form.told.value = [document.querySelector('h1').textContent, ...all('output', form).map((o) => o.textContent),
    all(TOLD, form).map((label) => label.textContent).join('、')].filter(Boolean).join(' ');
});
addEventListener('pageshow', () => {
  all('form').forEach((form) => { delete form.dataset.sent; });
  all('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
});

// What is shown may be old, and what was recorded may still be here.
const seen = new Date(page.dataset.seen ?? Date.now());
const net = () => {
  const note = document.getElementById('offline');
  note.hidden = navigator.onLine && !page.dataset.seen;
  note.querySelector('time').textContent = seen.toLocaleString(page.lang, { dateStyle: 'medium', timeStyle: 'short' });
};
addEventListener('offline', net);
net();

const tellWorker = async (message) => (await worker.ready).active.postMessage(message);
if (worker) {
  const { account, keep } = page.dataset;
  worker.register('/sw.js');
  worker.addEventListener('message', ({ data: { waiting } }) => {
    const note = document.getElementById('waiting');
    if (!note) return;
    note.hidden = !waiting.length;
    note.querySelector('b').textContent = waiting.length;
  });
  tellWorker({ account, send: Boolean(account), keep: account && !page.dataset.seen ? keep.split(' ') : [] });
  addEventListener('online', () => { net(); tellWorker({ send: true }); });
}
