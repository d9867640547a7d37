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
      fill(body, tiles(overview), h('div', { class: 'grid' }, byType(overview), byTenant(overview), workerCard(workers.workers)), newestCard(newest.jobs));
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
  return card(`Jobs of ${overview.tenant}`, byState('Type', overview.jobs, 'type', (type, name, jobs) => h('a', { href: `#/jobs?type=${type}&state=${name}` }, jobs)));
}

/** For an admin, where there are several. */
function byTenant(overview) {
  return new Set(overview.tenants?.map(each => each.tenant)).size > 1
    && card('Jobs by tenant', byState('Tenant', overview.tenants, 'tenant', (tenant, name, jobs) => jobs));
}

/** Numbers of jobs, with a column for each state that some are in. */
function byState(head, rows, key, written) {
  const names = [...new Set(rows.map(each => each[key]))];
  const jobs = (name, state) => rows.find(each => each[key] === name && each.state === state)?.jobs ?? 0;
  const shown = STATES.filter(state => rows.some(each => each.state === state));
  const cell = (name, state) => h('td', { class: `number${jobs(name, state) ? '' : ' zero'}` }, jobs(name, state) ? written(name, state, jobs(name, state)) : 0);
  return table([head, ...shown.map(text => ({ text, number: true }))],
    names.map(name => h('tr', {}, h('th', { scope: 'row' }, name), shown.map(state => cell(name, state)))), 'No job was submitted yet.');
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
