// The fleet at a glance.

import { api } from './api.js';
import { card, duration, fill, h, jobLink, moment, state, subject, table } from './dom.js';

const STATES = ['queued', 'ready', 'running', 'retrying', 'succeeded', 'failed', 'cancelled'];
const EVERY = 2000;

export async function queue(place, { signal, fail }) {
  const body = h('div', {});
  fill(place, h('h1', {}, 'Queue'), h('p', { class: 'lead' }, 'What waits, what runs and who runs it.'), body);
  for (;;) {
    try {
      const [overview, workers, newest] = await Promise.all([api.overview(signal), api.workers(signal), api.jobs({ limit: 8 }, signal)]);
      place.querySelector('.problem')?.remove();
      fill(body, tiles(overview), h('div', { class: 'grid' }, byType(overview), workerCard(workers.workers)), newestCard(newest.jobs));
    } catch (error) {
      fail(error);
      if (error.status === 401 || error.status === 403) {
        return;
      }
    }
    await new Promise(resolve => setTimeout(resolve, EVERY));
    if (signal.aborted) {
      return;
    }
  }
}

function tile(name, value) {
  return h('dl', { class: 'tile' }, h('dt', {}, name), h('dd', {}, value));
}

function tiles(overview) {
  const ended = Object.values(overview.ended_last_hour).reduce((sum, each) => sum + each, 0);
  return h('div', { class: 'tiles' },
    tile('Waiting', overview.waiting),
    tile('Running', overview.running),
    tile('Oldest waits', duration(overview.oldest_waiting_seconds)),
    tile('Ended, last hour', ended),
    tile('Failed, last hour', overview.ended_last_hour.failed ?? 0),
    tile('All done in', overview.waiting + overview.running === 0 ? 'idle' : duration(overview.eta_seconds)));
}

function byType(overview) {
  const types = [...new Set(overview.jobs.map(each => each.type))];
  const count = (type, name) => overview.jobs.find(each => each.type === type && each.state === name)?.jobs ?? 0;
  const shown = STATES.filter(name => types.some(type => count(type, name)));
  const cell = (type, name) => h('td', { class: `number${count(type, name) ? '' : ' zero'}` },
    count(type, name) ? h('a', { href: `#/jobs?type=${type}&state=${name}` }, count(type, name)) : 0);
  return card(`Jobs of ${overview.tenant}`, table(['Type', ...shown.map(text => ({ text, number: true }))],
    types.map(type => h('tr', {}, h('th', { scope: 'row' }, type), shown.map(name => cell(type, name)))), 'No job was submitted yet.'));
}

function workerCard(workers) {
  return card('Workers', table(['Worker', 'Pool', { text: 'Busy', number: true }, 'Runs'], workers.map(worker => h('tr', {},
    h('th', { scope: 'row', title: worker.host }, worker.worker), h('td', {}, worker.pool), h('td', { class: 'number' }, `${worker.busy} / ${worker.slots}`),
    h('td', {}, worker.running.map(attempt => h('div', {}, jobLink(attempt.split('/')[0])))))),
    'No worker has given a sign of life. What was accepted waits for one.'));
}

function newestCard(jobs) {
  return card('Newest jobs', table(['Job', 'Type', 'State', 'About', 'Accepted'], jobs.map(job => h('tr', {}, h('td', {}, jobLink(job.id)), h('td', {}, job.type),
    h('td', {}, state(job)), h('td', { class: 'words' }, subject(job.request)), h('td', {}, moment(job.accepted_at)))),
    'None yet.'), h('p', {}, h('a', { class: 'button', href: '#/submit' }, 'Submit a job')));
}
