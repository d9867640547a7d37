// Jobs, newest first, page by page.

import { api } from './api.js';
import { fill, h, jobLink, moment, state, subject, table } from './dom.js';

const STATES = ['queued', 'ready', 'running', 'retrying', 'succeeded', 'failed', 'cancelled'];
export const TYPES = ['generate', 'optimize', 'invert', 'mapper-train', 'mapper-apply', 'delta-train', 'delta-apply', 'direction-train',
  'direction-apply', 'boundary-train', 'boundary-apply', 'nada-finetune', 'prompt-sweep', 'grid', 'sheet'];

/** A choice of one of some words, or of any. */
export function choice(name, label, words, chosen, onchange) {
  return h('label', {}, label, h('select', { name, onchange }, h('option', { value: '' }, 'any'),
    words.map(word => h('option', { value: word, selected: word === chosen }, word))));
}

export async function jobs(place, { query, signal, fail }) {
  const rows = h('div', {});
  const more = h('button', { type: 'button', hidden: true }, 'Older jobs');
  const filter = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const form = h('form', { class: 'row', onsubmit: event => event.preventDefault() },
    choice('state', 'State', STATES, query.get('state'), () => change()), choice('type', 'Type', TYPES, query.get('type'), () => change()));
  fill(place, h('h1', {}, 'Jobs'), form, h('div', { class: 'card' }, rows), more);

  const change = () => {
    location.hash = `#/jobs?${new URLSearchParams(filter())}`;
  };
  let found = [];
  const load = async cursor => {
    try {
      const page = await api.jobs({ limit: 50, ...filter(), ...(cursor ? { cursor } : {}) }, signal);
      found = found.concat(page.jobs);
      fill(rows, table(['Job', 'Type', 'State', 'About', 'Run', 'Accepted', 'Ended'], found.map(row), 'No job fits.'));
      more.hidden = !page.next_cursor;
      more.onclick = () => load(page.next_cursor);
    } catch (error) {
      fail(error);
    }
  };
  await load();
}

function row(job) {
  return h('tr', {}, h('td', {}, jobLink(job.id)), h('td', {}, job.type), h('td', {}, state(job)), h('td', { class: 'words' }, subject(job.request)),
    h('td', {}, job.run), h('td', {}, moment(job.accepted_at)), h('td', {}, moment(job.ended_at)));
}
