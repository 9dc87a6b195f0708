// The part that works without a network: copies of pages that were seen, and records that wait until they can be sent.
// VERSION, FILES and SHELLS are put before this file where it is served. docs/offline.md says what this protects and what not.
const ASSETS = `assets-${VERSION}`, SEEN = 'seen', WHEN = 'Hagukumi-Seen', MADE_FOR = 'Hagukumi-Version';
const KEPT = /^(\/\w+)?\/(chart|record|plan|why)(\/|$)|^(\/\w+)?\/$/;
const QUEUED = /^(\/\w+)?\/(record\/[^/]+(\/entry)?|plan\/[^/]+\/postpone)$/;
const PATIENCE_MS = 4000;

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
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
}

// What an earlier version left, once home and all it leads to are kept in the present form: its copies name files that go with them.
async function tidy() {
  const cache = await caches.open(SEEN);
  for (const request of await cache.keys()) {
    if ((await cache.match(request)).headers.get(MADE_FOR) !== VERSION) await cache.delete(request);
  }
  for (const name of await caches.keys()) if (name !== ASSETS && name !== SEEN) await caches.delete(name);
}

async function asset(request) {
  const known = await caches.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(ASSETS)).put(request, response.clone());
  return response;
}

// Pages: the network first, the copy where it fails or is too slow.

async function visit(event, url) {
  const answer = fetch(event.request).then(async (response) => {
    if (response.ok && url.pathname.endsWith('/signin')) await wipe(); // nobody is signed in any more
    return response;
  });
  event.waitUntil(answer.then((response) => response.ok && remember(url, response.clone())).catch(() => null));
  const slow = new Promise((done) => { setTimeout(done, PATIENCE_MS); }).then(() => copy(url)).then((found) => found ?? answer);
  try {
    return await Promise.race([answer, slow]);
  } catch {
    return await copy(url) ?? shell(url);
  }
}

async function remember(url, response) {
  if (url.searchParams.has('done')) await keep(url.pathname); // what was just done is no news later
  else if (KEPT.test(url.pathname)) await put(url, response);
}

let wipes = 0;

async function wipe() {
  wipes += 1; // what is still being fetched is not kept any more
  await caches.delete(SEEN);
}

async function put(url, response, begun = wipes) {
  const now = new Date().toISOString();
  const copied = await marked(response, `data-seen="${now}"`, { [WHEN]: now, [MADE_FOR]: VERSION });
  if (begun === wipes) await (await caches.open(SEEN)).put(url, copied);
}

// The page with a mark on its root that its scripts look for. Its length and compression are no longer those of the wire.
async function marked(response, mark, also = {}) {
  const headers = new Headers({ ...Object.fromEntries(response.headers), ...also });
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response((await response.text()).replace('<html', `<html ${mark}`), { headers });
}

// Looked up without opening the cache, which would bring an erased one back.
const seenCopy = (url, options) => caches.match(url, { ...options, cacheName: SEEN });

async function copy(url) {
  return await seenCopy(url) ?? seenCopy(url, { ignoreSearch: true });
}

// The page of waiting records in the language of an address; plain Japanese, whose addresses all others begin with too, comes first.
const shellOf = (url) => SHELLS.findLast((known) => url.pathname.startsWith(known.replace('waiting', '')));

async function shell(url) {
  const address = shellOf(url);
  const response = await (await caches.open(ASSETS)).match(address);
  return url.pathname === address ? response : marked(response, 'data-unseen');
}

async function keep(address) {
  const url = new URL(address, location);
  const known = await seenCopy(url);
  if (known && await isFresh(known.headers)) return known;
  const begun = wipes;
  const response = await fetch(url), last = new URL(response.url);
  if (!response.ok || !KEPT.test(last.pathname)) return Response.error();
  if (response.redirected) await put(last, response.clone(), begun); // the page of an only child
  await put(url, response, begun);
  return response;
}

async function isFresh(headers) {
  const seen = headers.get(WHEN);
  return headers.get(MADE_FOR) === VERSION && seen.slice(0, 10) === new Date().toISOString().slice(0, 10) && seen > (await note('written') ?? '');
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
    return kept ? Response.redirect(`${shellOf(url)}?saved`, 303) : shell(url);
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
  const versions = /<div class="sides">[^]*?<\/div>/.exec(html)?.[0].match(/<ul>[^]*?<\/ul>/g);
  await ask('entry', 'readwrite', (store) => store.put({ ...entry, problem: problem?.[1] ?? '?', sides: versions }));
}

// The parent has seen both versions and wants this one as well.
async function take(id) {
  const { problem, sides, ...entry } = (await own()).find((known) => known.id === id);
  await ask('entry', 'readwrite', (store) => store.put({ ...entry, body: `${entry.body}&twice=yes` }));
}

// What pages say, one after the other, and what they are told.

let heard = Promise.resolve();

async function hear({ account, keep: addresses = [], drop: id, take: chosen, send: wanted, renew }) {
  if (renew) await skipWaiting();
  if (account) await belongTo(account);
  if (id) await drop(id);
  if (chosen) await take(chosen);
  await tell({ settled: !wanted });
  if (wanted) await send().then(() => tell({ settled: true }));
  let whole = addresses.length > 1;
  for (const address of addresses) whole = await keep(address).then((response) => response.ok, () => false) && whole;
  if (whole) await tidy();
}

async function belongTo(account) {
  if (await note('account') === account) return;
  await wipe();
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
