// The list of records that wait on this device, and the question about them at signing out.
const worker = navigator.serviceWorker;
const list = document.getElementById('entries'), none = document.getElementById('none'), leaving = document.getElementById('signout');
let waiting = [];

const post = async (message) => (await worker.ready).active.postMessage(message);
const show = (id) => { document.getElementById(id).hidden = false; };
const parsed = (html) => new DOMParser().parseFromString(html, 'text/html').body;
const plain = (html) => parsed(html).textContent.trim();
const lines = (html = '') => [...parsed(html).querySelectorAll('li')].map((line) => Object.assign(document.createElement('li'), { textContent: line.textContent }));

// Sends an entry as its form would have been sent, so that the server shows what is to be decided.
function open({ action, body }) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  for (const [name, value] of new URLSearchParams(body)) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  document.body.append(form);
  form.submit();
}

function item(entry) {
  const made = document.getElementById('entry').content.cloneNode(true).firstElementChild;
  const button = (name) => made.querySelector(`[data-do=${name}]`);
  made.querySelector('h2').textContent = entry.told;
  made.querySelector('time').textContent = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
  const sides = made.querySelector('.sides');
  made.querySelector('.problem').hidden = button('open').hidden = !entry.problem;
  sides.hidden = !entry.sides;
  button('drop').hidden = Boolean(entry.sides);
  [...sides.querySelectorAll('ul')].forEach((versions, place) => versions.append(...lines(entry.sides?.[place])));
  made.querySelector('.problem p').textContent = plain(entry.problem ?? '');
  button('open').onclick = () => open(entry);
  for (const name of ['drop', 'yield']) button(name).onclick = () => post({ drop: entry.id });
  button('take').onclick = () => post({ take: entry.id, send: true });
  for (const name of ['open', 'drop', 'yield', 'take']) button(name).append(Object.assign(document.createElement('span'), { className: 'vh', textContent: entry.told }));
  return made;
}

worker?.addEventListener('message', ({ data }) => {
  waiting = data.waiting;
  list?.replaceChildren(...waiting.map(item));
  if (none) none.hidden = waiting.length > 0;
  if (list) document.getElementById('send').hidden = !waiting.some((entry) => !entry.problem);
  if (data.settled && leaving?.dataset.sending) waiting.length ? delete leaving.dataset.sending : leaving.submit();
});

document.getElementById('send')?.addEventListener('click', () => post({ send: true }));
if (list && new URLSearchParams(location.search).has('saved')) show('saved');
if (list && 'unseen' in document.documentElement.dataset) show('unseen');

leaving?.addEventListener('submit', (event) => {
  const choice = event.submitter?.value;
  if (!waiting.length || choice === 'keep' || choice === 'discard') return;
  event.preventDefault();
  if (choice === 'send') {
    leaving.dataset.sending = '1';
    post({ send: true });
    return;
  }
  document.getElementById('count').textContent = waiting.length;
  show('leave');
  document.getElementById('leave').focus();
});
