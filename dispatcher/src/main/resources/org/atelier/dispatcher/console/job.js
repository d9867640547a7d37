// One job: live while it runs, its pictures when it has ended, and everything that explains it.

import { api, token } from './api.js';
import { LossChart } from './chart.js';
import { compare, strip } from './compare.js';
import { card, count, duration, fill, h, moment, say, size, state, subject, table } from './dom.js';
import { lineage } from './lineage.js';

const TERMINAL = ['succeeded', 'failed', 'cancelled'];

export async function job(place, { parts: [id], signal, fail }) {
  let view = await api.job(id, signal);
  const head = h('div', {}), live = h('div', {}), made = h('div', {}), rest = h('div', {});
  fill(place, head, made, live, rest);
  const chart = new LossChart();
  const progress = h('progress', { max: 1, value: 0, 'aria-label': 'Steps done' });
  const words = h('p', { class: 'note' }, 'Nothing was told yet.');
  const preview = h('div', { class: 'preview' });
  const pictures = new Preview(id, preview, signal);
  fill(live, h('div', { class: 'grid' }, card('Progress', progress, words, chart.element), card('Preview', preview)));

  let shownRun;
  const shown = async () => {
    fill(head, title(view, act));
    if (TERMINAL.includes(view.state)) {
      progress.value = view.state === 'succeeded' ? progress.max : progress.value;
      fill(words, `It ${view.state === 'cancelled' ? 'was cancelled' : view.state} after ${count(progress.value, 'step')}.`);
    }
    live.hidden = TERMINAL.includes(view.state) && chart.points.size === 0;
    fill(made, results(view));
    fill(rest, await details(view, signal));
  };
  const act = async (verb, after) => {
    try {
      await verb();
      after();
    } catch (error) {
      fail(error);
    }
  };
  const told = async (name, message) => {
    if (name === 'attempt.progressed') {
      const { step, steps, losses, eta_seconds: eta, previews } = message.progress;
      const [, run, attempt] = message.attempt.split('/');
      if (run !== shownRun) {
        // A replay begins anew; another attempt goes on where the one before had saved.
        chart.clear();
        shownRun = run;
      }
      progress.max = steps;
      progress.value = step;
      fill(words, `Step ${step} of ${steps}${eta ? `, about ${duration(eta)} to go` : ''}. Attempt ${attempt}.`);
      chart.add(step, steps, losses);
      live.hidden = false;
      if (previews?.length) {
        await pictures.show(previews.at(-1));
      }
    } else {
      view = await api.job(id, signal);
      say(`The job is ${view.state}.`);
      await shown();
      if (name === 'attempt.deferred') {
        fill(words, `${message.worker} gave it back: ${message.reason}`);
      }
    }
  };
  await shown();
  api.watch(id, (name, message) => told(name, message).catch(error => signal.aborted || fail(error)), signal);
}

/** The newest picture of a job under way, as the worker made it. A long past is not asked for picture by picture. */
class Preview {
  constructor(job, place, signal) {
    Object.assign(this, { job, place, signal, next: null, asking: false });
  }

  async show(artifact) {
    this.next = artifact;
    if (this.asking) {
      return;
    }
    this.asking = true;
    try {
      while (this.next) {
        const { digest } = this.next;
        this.next = null;
        const { url } = await api.preview(this.job, digest, this.signal);
        const image = this.place.querySelector('img') ?? this.place.appendChild(h('img', { alt: 'The picture so far' }));
        image.src = url;
      }
    } finally {
      this.asking = false;
    }
  }
}

function title(view, act) {
  const running = !TERMINAL.includes(view.state);
  return h('div', {},
    h('h1', {}, subject(view.request) || view.type),
    h('p', { class: 'lead' }, state(view), ` ${view.type} on ${view.bundle} · run ${view.run}, attempt ${view.attempt} · `, h('span', { class: 'id' }, view.id)),
    view.waiting_for && h('p', { class: 'note' }, `It waits: ${view.waiting_for}`),
    view.freed_after_ms !== undefined && h('p', { class: 'note' }, `The device was free ${duration(view.freed_after_ms / 1000)} after the worker learned of the cancel.`),
    view.failure && h('p', { class: 'problem', role: 'alert' }, `${view.failure.category}: ${view.failure.message}`),
    h('div', { class: 'row' },
      running && h('button', { type: 'button', class: 'danger', disabled: view.cancelling, onclick: () => act(() => api.cancel(view.id), () => say('The cancel was asked for.')) }, view.cancelling ? 'Cancelling' : 'Cancel'),
      !running && h('button', { type: 'button', onclick: () => act(() => api.replay({ jobs: [view.id] }), () => location.reload()) }, 'Run again'),
      h('a', { class: 'button', href: `#/submit?like=${encodeURIComponent(view.id)}` }, 'Edit and submit as a new job'),
      h('button', { type: 'button', onclick: event => copyCurl(view, event.target) }, 'Copy as curl')));
}

async function copyCurl(view, button) {
  const body = JSON.stringify({ request: view.request, priority: view.priority, labels: view.labels }).replaceAll("'", "'\\''");
  // Where nobody is asked for a token, an empty one is refused.
  const proof = token() ? ' -H "Authorization: Bearer $TOKEN"' : '';
  const command = `curl -s ${location.origin}/v1/jobs -H 'Content-Type: application/json'${proof} -d '${body}'`;
  try {
    await navigator.clipboard.writeText(command);
  } catch {
    // Browsers give the clipboard to pages of HTTPS and of this machine only, and only if the user lets them.
    button.replaceWith(h('pre', { class: 'command', tabindex: '0', 'aria-label': 'The command, to be copied by hand' }, command));
    say('The command is shown: the browser does not let this page copy it.');
    return;
  }
  button.textContent = 'Copied';
  say('The command was copied.');
}

function results(view) {
  const pictures = view.artifacts.filter(each => each.artifact.media_type.startsWith('image/'));
  if (view.artifacts.length === 0) {
    return null;
  }
  const url = name => pictures.find(each => each.artifact.name === name)?.url;
  const cards = [];
  if (url('before.png') && url('after.png')) {
    cards.push(card('Before and after', compare(url('before.png'), url('after.png'))));
  }
  const series = strengths(view, pictures);
  if (series.length > 1) {
    cards.push(card('Strength', strip(series, 'Strength of the edit')));
  }
  const hidden = new Set(['before.png', 'after.png']);
  cards.push(card('Pictures', h('div', { class: pictures.length > 3 ? 'pictures' : 'pictures large' }, pictures.filter(each => !hidden.has(each.artifact.name)).slice(0, 48).map(each =>
    h('figure', {}, h('a', { href: each.url }, h('img', { src: each.url, alt: each.artifact.name, loading: 'lazy' })), h('figcaption', {}, each.artifact.name))))));
  return h('div', { class: 'grid' }, cards);
}

/** The pictures of the first source of an edit that was made at several strengths, in their order. */
export function strengths(view, pictures) {
  const asked = view.request.strengths;
  const url = name => pictures.find(each => each.artifact.name === name)?.url;
  if (!asked || asked.length < 2) {
    return [];
  }
  return asked.map((strength, i) => ({ url: url(`picture-0-0-${i}.png`) ?? url(`picture-0-${i}.png`) ?? url(`edit-0-0-${i}.png`), caption: `strength ${strength}` }))
    .filter(each => each.url);
}

async function details(view, signal) {
  const relatives = await api.lineage(view.id, signal);
  const seconds = Object.entries(view.seconds ?? {});
  return [
    h('div', { class: 'grid' },
      card('Facts', h('dl', { class: 'facts' },
        [['Accepted', moment(view.accepted_at)], ['Started', moment(view.started_at)], ['Ended', moment(view.ended_at)], ['Tenant', view.tenant], ['Priority', view.priority],
          ...Object.entries(view.labels ?? {}).map(([name, value]) => [name, value]),
          ...seconds.map(([phase, value]) => [`${phase} took`, duration(value)])].map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]))),
      card('Files', table(['Name', 'Type', { text: 'Size', number: true }], view.artifacts.map(each => h('tr', {}, h('td', {}, h('a', { href: each.url, download: each.artifact.name }, each.artifact.name)),
        h('td', {}, each.artifact.media_type), h('td', { class: 'number' }, size(each.artifact.size)))), 'Nothing was made yet.'))),
    attempts(view),
    card('Lineage', lineage(view, relatives)),
    card('Request', h('pre', { tabindex: '0', 'aria-label': 'The request with all its defaults' }, JSON.stringify(view.request, null, 2))),
    view.summary && card('Summary', h('pre', { tabindex: '0', 'aria-label': 'The account of the runner' }, JSON.stringify(view.summary, null, 2))),
  ];
}

function attempts(view) {
  if (!view.attempts?.length) {
    return null;
  }
  return card('Attempts', table(['Run', 'Attempt', 'Worker', 'Host', 'Started', 'Ended', { text: 'Device', number: true }, 'What became of it'], view.attempts.map(each => h('tr', {},
    h('th', { scope: 'row' }, each.run), h('td', {}, each.attempt), h('td', {}, each.worker ?? '–'), h('td', {}, each.host ?? '–'), h('td', {}, moment(each.started_at)), h('td', {}, moment(each.ended_at)),
    h('td', { class: 'number' }, duration(each.device_seconds)),
    h('td', { class: 'words' }, each.failure ? `${each.failure.category}: ${each.failure.message}` : each.step === undefined ? '' : `step ${each.step}`,
      each.log?.length > 0 && h('details', {}, h('summary', {}, 'Last lines of its log'), h('pre', { tabindex: '0' }, each.log.join('\n'))),
      each.evidence?.length > 0 && h('details', {}, h('summary', {}, 'What it left in the store'), h('pre', { tabindex: '0' }, each.evidence.join('\n')))))), 'None yet.'));
}
