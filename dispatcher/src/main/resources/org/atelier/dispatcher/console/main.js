// Which page is shown, the theme, and the token.

import { api, keepToken, Refused, token } from './api.js';
import { fill, h, say } from './dom.js';
import { failed } from './failed.js';
import { job } from './job.js';
import { jobs } from './jobs.js';
import { models } from './models.js';
import { queue } from './queue.js';
import { submit } from './submit.js';
import { strengths } from './strengths.js';

const PAGES = [
  [/^\/$/, 'Queue', queue], [/^\/jobs$/, 'Jobs', jobs], [/^\/jobs\/([^/]+)$/, 'Job', job], [/^\/failed$/, 'Failed jobs', failed],
  [/^\/submit$/, 'Submit', submit], [/^\/try$/, 'Strengths', strengths], [/^\/models$/, 'Models', models],
];

const main = document.getElementById('main');
let leave = new AbortController();

/** Shows the page of the address. A page gets its part of the document, its parameters and a signal that it has been left. */
async function show() {
  leave.abort();
  leave = new AbortController();
  const signal = leave.signal;
  const [path, query] = (location.hash.slice(1) || '/').split('?', 2);
  const [pattern, title, page] = PAGES.find(([candidate]) => candidate.test(path)) ?? PAGES[0];
  for (const link of document.querySelectorAll('.bar nav a')) {
    const target = link.hash.slice(1);
    const here = target === path || target !== '/' && path.startsWith(`${target}/`);
    link.toggleAttribute('aria-current', here);
    if (here) {
      link.setAttribute('aria-current', 'page');
    }
  }
  document.title = `${title} · Atelier`;
  const place = h('div', {});
  fill(main, place);
  try {
    await page(place, { parts: (path.match(pattern) ?? []).slice(1).map(decodeURIComponent), query: new URLSearchParams(query), signal, fail: error => fail(error, place, signal) });
  } catch (error) {
    fail(error, place, signal);
  }
}

function fail(error, place, signal) {
  if (signal.aborted) {
    return;
  }
  if (!(error instanceof Refused)) {
    throw error;
  }
  place.querySelector('.problem')?.remove();
  place.prepend(h('p', { class: 'problem', role: 'alert' }, error.message,
    error.status === 401 && h('span', {}, '\n', h('button', { type: 'button', onclick: ask }, 'Give a token'))));
}

const dialog = document.getElementById('ask');
function ask() {
  dialog.querySelector('input').value = token() ?? '';
  dialog.showModal();
}
document.getElementById('token').addEventListener('click', ask);
dialog.addEventListener('close', () => {
  if (dialog.returnValue === 'keep') {
    keepToken(dialog.querySelector('input').value.trim());
    show();
  }
});

const THEMES = ['system', 'light', 'dark'];
const themeButton = document.getElementById('theme');
function theme(name) {
  themeButton.textContent = `Theme: ${name}`;
  if (name === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = name;
  }
}
theme(localStorage.getItem('atelier-theme') ?? 'system');
themeButton.addEventListener('click', () => {
  const next = THEMES[(THEMES.indexOf(localStorage.getItem('atelier-theme') ?? 'system') + 1) % THEMES.length];
  localStorage.setItem('atelier-theme', next);
  theme(next);
  say(`The theme is now ${next}.`);
});

addEventListener('hashchange', () => {
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
show();
