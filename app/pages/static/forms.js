// Makes forms handier: says dates back, counts ticks, and renews a form that was kept on this device.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const page = document.documentElement, easy = document.body.classList.contains('easy');
const TOLD = ['v', 'other', 'series', 'reason', 'to', 'unknown'].map((name) => `[name=${name}]:checked+label>b`).join();
const AHEAD_YEARS = 2;

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
const ruby = (word, reading) => `<ruby>${word}<rp>(<rt>${reading}<rp>)</ruby>`;
const DAYS = { 1: 'ついたち', 2: 'ふつか', 3: 'みっか', 4: 'よっか', 5: 'いつか', 6: 'むいか', 7: 'なのか', 8: 'ようか', 9: 'ここのか', 10: 'とおか', 14: 'じゅうよっか', 20: 'はつか', 24: 'にじゅうよっか' };
const WEEKDAYS = ['にち', 'げつ', 'か', 'すい', 'もく', 'きん', 'ど'];
const sayEasily = (date) => {
  const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  const dayOfMonth = DAYS[day] ? ruby(`${day}日`, DAYS[day]) : day + ruby('日', 'にち');
  const weekday = ruby(date.toLocaleDateString('ja', { weekday: 'long' }), `${WEEKDAYS[date.getDay()]}ようび`);
  return `${year}${ruby('年', 'ねん')} ${month}${ruby('月', 'がつ')} ${dayOfMonth} ${weekday}`;
};
const say = (date) => {
  const spoken = { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' };
  if (page.lang === 'en') return date.toLocaleDateString('en-GB', spoken);
  if (easy) return sayEasily(date);
  return date.toLocaleDateString('ja', spoken).replace('(', '（').replace(')', '）');
};
const sayEra = (date) => (page.lang === 'en' || easy ? '' : ` ${date.toLocaleDateString('ja-u-ca-japanese', { era: 'long', year: 'numeric' })}`);
const today = easy ? 'きょう' : new Intl.RelativeTimeFormat(page.lang, { numeric: 'auto' }).format(0, 'day');
const isToday = (date) => date?.toDateString() === new Date().toDateString();
const echoes = [];
for (const box of all('.date').filter((box) => !box.closest('.hb'))) {
  const echo = box.insertAdjacentElement('afterend', document.createElement('output'));
  const tell = () => {
    const date = readDate(all('input', box));
    echo.innerHTML = date ? say(date) + sayEra(date) : '';
    echo.dataset.today = isToday(date) ? today : '';
  };
  echo.className = 'echo';
  box.addEventListener('input', tell);
  echoes.push(tell);
}

// The summary above the button says the day that will be recorded.
for (const on of all('.sum [data-on]')) {
  const form = on.closest('form');
  const tell = () => {
    const date = form.unknown?.checked ? null : readDate(all('#on-y, #on-m, #on-d', form));
    on.innerHTML = date ? on.dataset.on.replace('{date}', say(date)) : '';
  };
  form.addEventListener('input', tell);
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

// What is sent is noted in words, for the list of records that wait.
addEventListener('submit', ({ target: form }) => {
  if (form.told) form.told.value = [document.querySelector('h1').textContent, ...all('output', form).map((o) => o.textContent),
    all(TOLD, form).map((label) => label.textContent).join('、')].filter(Boolean).join(' ');
});
