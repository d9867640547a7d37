// An edit at many strengths, under one handle.

import { api } from './api.js';
import { strip } from './compare.js';
import { card, fill, h, jobLink, say, subject } from './dom.js';
import { strengths as series } from './job.js';
import { picker } from './sources.js';

const HOW = {
  'delta-apply': { steps: [0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1], request: (tool, prompt) => ({ prompts: [prompt], ...(tool ? { mapper: { job: tool } } : {}) }), made: 'delta-train', own: 'The bundle’s delta mapper', words: true },
  'mapper-apply': { steps: [-0.5, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5], request: tool => ({ mapper: { job: tool } }), made: 'mapper-train' },
  'direction-apply': { steps: [-4, -2, 0, 1, 2, 3, 4, 5, 6], request: (tool, prompt) => ({ table: { job: tool }, prompts: [{ neutral: 'a person', target: prompt }] }), made: 'direction-train', words: true },
};

export async function strengths(place, { signal, fail }) {
  const { bundles } = await api.bundles(signal);
  const trained = (await Promise.all(Object.entries(HOW).map(async ([type, how]) => (await api.jobs({ state: 'succeeded', type: how.made, limit: 50 }, signal)).jobs
    .map(job => ({ type, job: job.id, bundle: job.bundle, label: `${how.made}: ${subject(job.request) || job.id}` }))))).flat();
  const tools = [...bundles.filter(each => each.delta).map(each => ({ type: 'delta-apply', bundle: `${each.name}@${each.version}`, label: `${HOW['delta-apply'].own} of ${each.name}` })), ...trained];
  fill(place, h('h1', {}, 'Strengths'), h('p', { class: 'lead' }, 'One edit from not at all to too much: move the handle.'));
  if (tools.length === 0) {
    place.append(h('p', { class: 'note' }, 'No bundle has a delta mapper, and no mapper or direction table was trained yet. Submit a mapper-train, delta-train or direction-train job.'));
    return;
  }
  let source = { seed: 85 };
  const tool = h('select', {}, tools.map((each, index) => h('option', { value: String(index) }, each.label)));
  const prompt = h('input', { type: 'text', value: 'a big smile', maxlength: '1000' });
  const words = h('label', {}, 'Prompt', prompt);
  const out = h('div', {});
  const send = h('button', { class: 'primary', type: 'submit' }, 'Show');
  const sources = picker(chosen => {
    source = chosen;
  }, signal, fail);
  const form = h('form', { class: 'card', onsubmit: async event => {
    event.preventDefault();
    send.disabled = true;
    try {
      await run();
    } catch (error) {
      fail(error);
    } finally {
      send.disabled = false;
    }
  } }, h('h2', {}, 'Edit'), h('div', { class: 'row' }, h('label', {}, 'By', tool), words), sources.element, send);
  place.append(h('div', { class: 'grid' }, form, h('section', { class: 'card', 'aria-label': 'Result' }, out)));
  fill(out, h('p', { class: 'empty' }, 'The pictures come here.'));

  async function run() {
    const { type, job: made, bundle } = tools[Number(tool.value)];
    const how = HOW[type];
    fill(out, h('p', { class: 'empty', role: 'status' }, 'The worker is drawing.'));
    const job = await api.submit({ request: { type, bundle, sources: [source], strengths: how.steps, ...how.request(made, prompt.value) }, priority: 5 });
    const view = await api.ended(job.id, signal);
    const pictures = series(view, view.artifacts);
    fill(out, pictures.length ? strip(pictures, 'Strength of the edit') : h('p', { class: 'problem' }, view.failure?.message ?? `The job is ${view.state}.`), h('p', { class: 'note' }, 'Job ', jobLink(job.id)));
    say('The pictures are there.');
  }

  const change = () => {
    words.hidden = !HOW[tools[Number(tool.value)].type].words;
    return sources.use(tools[Number(tool.value)].bundle);
  };
  tool.addEventListener('change', change);
  await change();
}
