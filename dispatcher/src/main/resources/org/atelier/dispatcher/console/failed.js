// What failed, and running it again: what it would cost is said first.

import { api } from './api.js';
import { card, count, duration, fill, h, jobLink, moment, say, subject, table } from './dom.js';
import { choice, TYPES } from './jobs.js';

const ERRORS = ['INVALID_REQUEST', 'MODEL_NOT_FOUND', 'INPUT_UNREADABLE', 'FACE_NOT_FOUND', 'OUT_OF_MEMORY', 'DIVERGED', 'TIMEOUT', 'PREEMPTED', 'STORAGE_UNAVAILABLE', 'INTERNAL'];
const HOURS = { 'the last hour': 1, 'the last day': 24, 'the last week': 168 };

export async function failed(place, { signal, fail }) {
  const found = h('div', {}), plan = h('div', {});
  const set = h('input', { type: 'text', placeholder: 'steps=100 learning_rate=0.05', oninput: () => changed() });
  const again = h('button', { type: 'button', class: 'primary', disabled: true, onclick: () => replay(false) }, 'Replay');
  const form = h('form', { class: 'row', onsubmit: event => event.preventDefault() },
    choice('type', 'Type', TYPES, null, () => load()), choice('error', 'Error', ERRORS, null, () => load()), choice('since', 'Since', Object.keys(HOURS), null, () => load()));
  fill(place, h('h1', {}, 'Failed jobs'), h('p', { class: 'lead' }, 'A replay runs them again under the same name; with other values they become new jobs.'), form,
    card('Jobs', found), card('Run again', h('label', {}, 'Other values, as name=value (leave empty to run them as they were)', set),
      h('div', { class: 'row' }, h('button', { type: 'button', onclick: () => replay(true) }, 'What would that cost?'), again), plan));
  let chosen = new Set();
  let version = 0;

  /** What was told of the cost is of another choice: nothing runs again before it has been told of this one. */
  const changed = () => {
    version++;
    again.disabled = true;
  };
  const values = () => Object.fromEntries(new FormData(form));
  const since = () => values().since ? new Date(Date.now() - HOURS[values().since] * 3600e3).toISOString() : undefined;
  const choose = (id, checked) => {
    chosen[checked ? 'add' : 'delete'](id);
    changed();
  };
  async function load() {
    changed();
    try {
      const { type, error } = values();
      const page = await api.jobs({ state: 'failed', limit: 200, ...(type ? { type } : {}) }, signal);
      const jobs = page.jobs.filter(job => (!error || job.failure?.category === error) && (!since() || job.ended_at >= since()));
      chosen = new Set();
      fill(found, table([{ text: h('span', { class: 'visually-hidden' }, 'Choose') }, 'Job', 'Type', 'Error', 'Message', 'About', 'Failed'], jobs.map(job => h('tr', {},
        h('td', {}, h('input', { type: 'checkbox', 'aria-label': `Choose ${job.id}`, onchange: event => choose(job.id, event.target.checked) })),
        h('td', {}, jobLink(job.id)), h('td', {}, job.type), h('td', {}, job.failure?.category ?? ''), h('td', { class: 'words' }, job.failure?.message ?? ''), h('td', { class: 'words' }, subject(job.request)), h('td', {}, moment(job.ended_at)))),
      'Nothing that failed fits.'), h('p', { class: 'note' }, 'Choose some, or none to mean all that fit the filter.'));
    } catch (error) {
      fail(error);
    }
  }

  async function replay(dryRun) {
    const asked = version;
    again.disabled = true;
    try {
      const { type, error } = values();
      const view = await api.replay({
        dry_run: dryRun, set: parse(set.value),
        ...(chosen.size ? { jobs: [...chosen] } : { filter: { ...(type ? { type } : {}), ...(error ? { error } : {}), ...(since() ? { since: since() } : {}) } }),
      });
      const cost = view.estimated_device_seconds === undefined ? 'what it costs is not known yet' : `about ${duration(view.estimated_device_seconds)} of device time`;
      fill(plan, h('p', { role: 'status' }, dryRun ? `${count(view.jobs, 'job')} would run again: ${cost}.` : `${count(view.jobs, 'job')} run${view.jobs === 1 ? 's' : ''} again.`),
        Object.entries(view.differences ?? {}).map(([name, each]) => h('p', { class: 'note' }, `${name} becomes ${JSON.stringify(each.to)}; it was ${Object.entries(each.from).map(([old, jobs]) => `${old} (${count(jobs, 'job')})`).join(', ')}.`)));
      say(dryRun ? 'The cost is shown.' : 'The replay has begun.');
      if (dryRun) {
        again.disabled = asked !== version;
      } else {
        load();
      }
    } catch (error) {
      fail(error);
    }
  }
  await load();
}

function parse(text) {
  return Object.fromEntries(text.split(/\s+/).filter(Boolean).map(pair => {
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    try {
      return [name, JSON.parse(value)];
    } catch {
      return [name, value];
    }
  }));
}
