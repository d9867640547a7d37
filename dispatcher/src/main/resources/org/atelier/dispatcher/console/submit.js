// A form for the commonest requests. What it sends is shown, and may be written by hand instead.

import { api } from './api.js';
import { card, fill, h, say } from './dom.js';
import { picker } from './sources.js';

const EDITS = {
  optimize: { label: 'Edit a face by text (optimize)', request: (bundle, source, prompt) => ({ type: 'optimize', bundle, source, prompt, mode: 'best' }) },
  'delta-apply': { label: 'Edit in an instant (delta mapper)', request: (bundle, source, prompt) => ({ type: 'delta-apply', bundle, sources: [source], prompts: [prompt] }) },
  'prompt-sweep': { label: 'Search the words that work (prompt sweep)', request: (bundle, source, prompt) => ({ type: 'prompt-sweep', bundle, sources: [source], prompts: prompt.split('|').map(each => each.trim()) }) },
  'nada-finetune': { label: 'Re-style the generator (NADA)', request: (bundle, source, prompt) => ({ type: 'nada-finetune', bundle, target: prompt }) },
  generate: { label: 'Draw a face', request: (bundle, source) => ({ type: 'generate', bundle, sources: [source] }) },
  invert: { label: 'Find the latent of a photo (invert)', request: (bundle, source) => ({ type: 'invert', bundle, method: 'encoder+projector', ...source }) },
};

export async function submit(place, { query, signal, fail }) {
  const { bundles } = await api.bundles(signal);
  if (bundles.length === 0) {
    fill(place, h('h1', {}, 'Submit'), h('p', { class: 'problem' }, 'There is no bundle. “./atelier models publish” puts one into the store.'));
    return;
  }
  let source = { seed: 85 };
  let byHand = false;
  const type = h('select', {}, Object.entries(EDITS).map(([name, each]) => h('option', { value: name }, each.label)));
  const bundle = h('select', {}, bundles.map(each => h('option', { value: `${each.name}@${each.version}` }, `${each.title} (${each.name}@${each.version})`)));
  const prompt = h('input', { type: 'text', value: 'a person with round glasses', maxlength: '1000' });
  const preset = h('input', { type: 'checkbox' });
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Prompts that work on this bundle' });
  const text = h('textarea', { spellcheck: 'false', 'aria-describedby': 'hand' });
  const send = h('button', { class: 'primary', type: 'submit' }, 'Submit');
  const sources = picker(chosen => {
    source = chosen;
    write();
  }, signal, fail);

  const presets = () => bundles.find(each => `${each.name}@${each.version}` === bundle.value)?.presets?.[type.value];
  const write = () => {
    if (!byHand) {
      const request = EDITS[type.value].request(bundle.value, source, prompt.value);
      // What a preset says of a mode that is not asked for would undo it.
      const defaults = preset.checked ? presets()?.defaults ?? {} : {};
      const { mode, ...plain } = request;
      text.value = JSON.stringify({ request: preset.checked ? { ...defaults, ...plain } : request }, null, 2);
    }
  };
  const change = () => {
    byHand = false;
    fill(chips, (presets()?.prompts ?? []).map(words => h('button', { type: 'button', onclick: () => {
      prompt.value = words;
      write();
    } }, words)));
    preset.disabled = !presets();
    write();
  };
  const form = h('form', { onsubmit: async event => {
    event.preventDefault();
    send.disabled = true;
    try {
      const job = await api.submit(JSON.parse(text.value));
      say('The job was accepted.');
      location.hash = `#/jobs/${encodeURIComponent(job.id)}`;
    } catch (error) {
      if (error instanceof SyntaxError) {
        error = Object.assign(new Error(), { message: `The request is no JSON: ${error.message}` });
        place.querySelector('.problem')?.remove();
        place.prepend(h('p', { class: 'problem', role: 'alert' }, error.message));
      } else {
        fail(error);
      }
      scrollTo(0, 0);
    } finally {
      send.disabled = false;
    }
  } },
  h('div', { class: 'grid' },
    card('What', h('label', {}, 'Job', type), h('div', { class: 'row' }, h('label', {}, 'Bundle', bundle)), h('label', {}, 'Prompt', prompt), chips,
      h('label', { class: 'check' }, preset, 'With the preset of the bundle, by the published loss')),
    h('section', { class: 'card', 'aria-label': 'Source' }, sources.element)),
  card('Request', h('p', { class: 'note', id: 'hand' }, 'This is what will be sent. Change it as you like; everything that is left out has its published default.'), h('label', {}, 'Submission', text), h('div', { class: 'row' }, send)));

  fill(place, h('h1', {}, 'Submit'), h('p', { class: 'lead' }, 'A job runs when a worker has a free slot; this page then leads to it.'), form);
  type.addEventListener('change', change);
  bundle.addEventListener('change', () => {
    change();
    sources.use(bundle.value);
  });
  prompt.addEventListener('input', write);
  preset.addEventListener('change', write);
  text.addEventListener('input', () => {
    byHand = true;
  });
  change();
  sources.use(bundle.value);
  if (query.get('like')) {
    const like = await api.job(query.get('like'), signal);
    text.value = JSON.stringify({ request: like.request }, null, 2);
    byHand = true;
  }
}
