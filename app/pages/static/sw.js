// The part that works without a network: copies of pages that were seen, and records that wait until they can be sent.
// VERSION, FILES and SHELLS are put before this file where it is served. docs/offline.md says what this protects and what not.
const ASSETS = `assets-${VERSION}`, SEEN = 'seen', WHEN = 'Hagukumi-Seen';
const KEPT = /^(\/\w+)?\/(chart|record|plan|why)(\/|$)|^(\/\w+)?\/$/;
const QUEUED = /^(\/\w+)?\/(record\/[^/]+(\/entry)?|plan\/[^/]+\/postpone)$/;
const PATIENCE_MS = 6000;

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('message', (event) => event.waitUntil(heard = heard.then(() => hear(event.data)).catch(() => null)));
addEventListener('fetch', (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith('/static/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate') event.respondWith(request.method === 'POST' ? submit(request, url) : visit(event, url));
});

async function install() {
  const cache = await caches.open(ASSETS);
  await cache.addAll(FILES);
  await Promise.all(SHELLS.map(async (address) => cache.put(address, await fetch(address, { credentials: 'omit' }))));
  await skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name !== ASSETS && name !== SEEN);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function asset(request) {
  const cache = await caches.open(ASSETS), known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

// Pages: the network first, the copy where it fails or is too slow.

async function visit(event, url) {
  const answer = fetch(event.request);
  const slow = new Promise((done) => { setTimeout(done, PATIENCE_MS); }).then(() => copy(url)).then((found) => found ?? answer);
  try {
    const response = await Promise.race([answer, slow]);
    if (response.ok && !response.headers.has(WHEN)) event.waitUntil(remember(url, response.clone()));
    return response;
  } catch {
    return await copy(url) ?? shell(url);
  }
}

async function remember(url, response) {
  if (url.pathname.endsWith('/signin')) await caches.delete(SEEN); // nobody is signed in any more
  else if (url.searchParams.has('done')) await keep(url.pathname); // what was just done is no news later
  else if (KEPT.test(url.pathname)) await put(url, response);
}

async function put(url, response) {
  const headers = new Headers(response.headers), now = new Date().toISOString();
  headers.delete('Content-Encoding');
  headers.set(WHEN, now);
  const html = (await response.text()).replace('<html', `<html data-seen="${now}"`);
  await (await caches.open(SEEN)).put(url, new Response(html, { headers }));
}

async function copy(url) {
  const cache = await caches.open(SEEN);
  return await cache.match(url) ?? cache.match(url, { ignoreSearch: true });
}

async function shell(url) {
  const address = SHELLS.findLast((known) => url.pathname.startsWith(known.replace('waiting', '')));
  const response = await caches.match(address);
  if (url.pathname === address) return response;
  return new Response((await response.text()).replace('<html', '<html data-unseen'), { headers: response.headers });
}

async function keep(address) {
  const url = new URL(address, location);
  const known = await (await caches.open(SEEN)).match(url);
  if (known && await isFresh(known.headers.get(WHEN))) return known;
  const response = await fetch(url), last = new URL(response.url);
  if (!response.ok || !KEPT.test(last.pathname)) return response;
  if (response.redirected) await put(last, response.clone()); // the page of an only child
  await put(url, response);
  return response;
}

async function isFresh(seen) {
  return seen.slice(0, 10) === new Date().toISOString().slice(0, 10) && seen > (await note('written') ?? '');
}

// Records: sent at once where possible, else kept and sent again under the same command until they are answered.

async function submit(request, url) {
  const body = await request.clone().text(), fields = new URLSearchParams(body);
  try {
    const response = await fetch(request);
    if (response.type === 'opaqueredirect') await accepted(url, fields);
    return response;
  } catch {
    const kept = QUEUED.test(url.pathname) && fields.get('do') !== 'preview' && await wait(url, body, fields);
    return kept ? Response.redirect(`${url.pathname.startsWith('/en/') ? '/en' : ''}/waiting?saved`, 303) : shell(url);
  }
}

async function accepted(url, fields) {
  await note('written', new Date().toISOString());
  await drop(fields.get('command') ?? '');
  if (url.pathname.endsWith('/signout') && fields.get('waiting') === 'discard') {
    for (const entry of await own()) await drop(entry.id);
  }
}

async function wait(url, body, fields) {
  const account = await note('account'), id = fields.get('command'), known = await entries();
  if (!account || !id) return false;
  const order = known.find((entry) => entry.id === id)?.order ?? Math.max(0, ...known.map((entry) => entry.order)) + 1;
  const entry = { id, account, order, body, action: url.pathname, told: fields.get('told'), at: new Date().toISOString() };
  await ask('entry', 'readwrite', (store) => store.put(entry));
  return true;
}

let sending = null;
const send = () => sending ??= replay().finally(() => { sending = null; });

async function replay() {
  for (const entry of await own()) {
    if (!entry.problem && !await sent(entry)) return;
  }
}

// Whether the next one may follow: not where the network or the server is away, or nobody is signed in.
async function sent(entry) {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Hagukumi-Account': entry.account };
  const request = { method: 'POST', redirect: 'manual', body: entry.body, headers };
  const response = await fetch(entry.action, request).catch(() => null);
  if (!response || [401, 403, 429].includes(response.status) || response.status >= 500) return false;
  if (response.type === 'opaqueredirect') await accepted(new URL(entry.action, location), new URLSearchParams(entry.body));
  else await refuse(entry, await response.text());
  return true;
}

async function refuse(entry, html) {
  const problem = /<div class="errsum"[^]*?<ul>([^]*?)<\/ul>/.exec(html) ?? /<main[^]*?<h1>([^]*?)<\/h1>/.exec(html);
  await ask('entry', 'readwrite', (store) => store.put({ ...entry, problem: problem?.[1] ?? '?' }));
}

// What pages say, one after the other, and what they are told.

let heard = Promise.resolve();

async function hear({ account, keep: addresses = [], drop: id, send: wanted }) {
  if (account) await belongTo(account);
  if (id) await drop(id);
  await tell({ settled: !wanted });
  if (wanted) await send().then(() => tell({ settled: true }));
  for (const address of addresses) await keep(address).catch(() => null);
}

async function belongTo(account) {
  if (await note('account') === account) return;
  await caches.delete(SEEN);
  await note('account', account);
}

async function tell(how) {
  const waiting = await own();
  for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage({ waiting, ...how });
}

// The store of this device.

const opened = new Promise((done, fail) => {
  const request = indexedDB.open('hagukumi', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('entry', { keyPath: 'id' });
    request.result.createObjectStore('note');
  };
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

async function ask(name, mode, make) {
  const transaction = (await opened).transaction(name, mode), request = make(transaction.objectStore(name));
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(request.result);
    transaction.onerror = transaction.onabort = () => fail(transaction.error);
  });
}

const entries = () => ask('entry', 'readonly', (store) => store.getAll());
const drop = (id) => ask('entry', 'readwrite', (store) => store.delete(id));
const note = (name, value) => ask('note', value ? 'readwrite' : 'readonly', (store) => value ? store.put(value, name) : store.get(name));

async function own() {
  const account = await note('account');
  return (await entries()).filter((entry) => entry.account === account).sort((one, other) => one.order - other.order);
}
