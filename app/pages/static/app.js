// Makes pages handier. Every page does all its work without this file.
const all = (selector) => [...document.querySelectorAll(selector)];
const page = document.documentElement;
const worker = navigator.serviceWorker;

document.querySelector('.errsum')?.focus();

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

// A new version of the part that works offline waits until it is wanted, or until every page is closed.
const offerNewVersion = (registration) => {
  const note = document.getElementById('renew');
  const offer = () => { note.hidden = !registration.waiting || !worker.controller; };
  registration.addEventListener('updatefound', () => registration.installing.addEventListener('statechange', offer));
  note.querySelector('button').onclick = () => registration.waiting?.postMessage({ renew: true });
  worker.addEventListener('controllerchange', () => { note.hidden = true; });
  offer();
};
const tellWorker = async (message) => (await worker.ready).active.postMessage(message);
if (worker) {
  const { account, keep } = page.dataset;
  worker.register('/sw.js').then(offerNewVersion);
  worker.addEventListener('message', ({ data: { waiting } }) => {
    const note = document.getElementById('waiting');
    if (!note) return;
    note.hidden = !waiting.length;
    note.querySelector('b').textContent = waiting.length;
  });
  tellWorker({ account, send: Boolean(account), keep: account && !page.dataset.seen ? keep.split(' ') : [] });
  addEventListener('online', () => { net(); tellWorker({ send: true }); });
}
