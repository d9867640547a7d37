// Where an edit starts: a face of the bundle, an uploaded photo, or what another job made.

import { api } from './api.js';
import { fill, h, say, subject } from './dom.js';

const SEEDS = [1, 2, 3, 5, 7, 8, 11, 13, 17, 21, 34, 85];

/** Faces of a bundle. They are the result of one job a bundle, which is made when it is first asked for. */
export async function faces(bundle, signal) {
  const job = await api.submit({ request: { type: 'generate', bundle, sources: SEEDS.map(seed => ({ seed })), truncation: { psi: 0.7 } }, labels: { made_for: 'the console' }, priority: 5 },
    `console-faces-${bundle}`);
  const view = ['succeeded', 'failed', 'cancelled'].includes(job.state) ? await api.job(job.id, signal) : await api.ended(job.id, signal);
  return SEEDS.map((seed, index) => ({ seed, url: view.artifacts.find(each => each.artifact.name === `picture-${index}.png`)?.url }));
}

/** A picker; {@code chosen} is told the source whenever it changes. */
export function picker(chosen, signal, fail) {
  const panel = h('div', {});
  let bundle;
  const kinds = { seed: 'A face of the bundle', upload: 'A photo', job: 'Another job’s result' };
  const show = async kind => {
    try {
      fill(panel, await { seed: bySeed, upload: byUpload, job: byJob }[kind]());
    } catch (error) {
      fail(error);
    }
  };
  const element = h('fieldset', {}, h('legend', {}, 'Source'),
    h('div', { class: 'kinds', role: 'radiogroup', 'aria-label': 'Kind of source' }, Object.entries(kinds).map(([kind, label]) =>
      h('label', { class: 'check' }, h('input', { type: 'radio', name: 'kind-of-source', value: kind, checked: kind === 'seed', onchange: () => show(kind) }), label))),
    panel);

  async function bySeed() {
    const number = h('input', { type: 'number', min: '0', max: '4294967295', value: '85', oninput: () => pick(Number(number.value)) });
    const gallery = h('div', { class: 'faces', 'aria-label': 'Faces', role: 'group' });
    const pick = seed => {
      number.value = seed;
      gallery.querySelectorAll('button').forEach(button => button.setAttribute('aria-pressed', String(Number(button.dataset.seed) === seed)));
      chosen({ seed });
    };
    chosen({ seed: 85 });
    faces(bundle, signal).then(found => fill(gallery, found.filter(face => face.url).map(face =>
      h('button', { type: 'button', 'data-seed': String(face.seed), 'aria-pressed': String(face.seed === Number(number.value)), onclick: () => pick(face.seed) },
        h('img', { src: face.url, alt: '' }), h('span', {}, `seed ${face.seed}`))))).catch(error => signal.aborted || fill(gallery, h('p', { class: 'note' }, `No faces to choose from: ${error.message}`)));
    return h('div', { class: 'stack' }, gallery, h('label', {}, 'Seed', number));
  }

  async function byUpload() {
    const aligned = h('input', { type: 'checkbox', checked: true });
    const said = h('p', { class: 'note' }, 'PNG or JPEG, cut and turned like the faces of the bundle. For other photos take the mark away if the bundle finds faces, or give landmarks in the request below.');
    const shown = h('div', {});
    const file = h('input', { type: 'file', accept: 'image/png,image/jpeg', onchange: async () => {
      try {
        const artifact = await api.upload(file.files[0]);
        fill(shown, h('img', { src: URL.createObjectURL(file.files[0]), alt: 'The uploaded photo', width: 160 }));
        chosen({ image: artifact.digest, aligned: aligned.checked });
        say('The photo was uploaded.');
      } catch (error) {
        fail(error);
      }
    } });
    return h('div', { class: 'stack' }, h('label', {}, 'Photo', file), h('label', { class: 'check' }, aligned, 'It is aligned already'), said, shown);
  }

  async function byJob() {
    const page = await api.jobs({ state: 'succeeded', limit: 100 }, signal);
    const withLatent = page.jobs.filter(job => job.artifacts.some(each => each.artifact.name === 'latent.safetensors') && job.bundle.split('@')[0] === bundle?.split('@')[0]);
    const select = h('select', { onchange: () => chosen({ job: select.value }) }, withLatent.map(job => h('option', { value: job.id }, `${job.type}: ${subject(job.request) || job.id}`)));
    if (withLatent.length === 0) {
      return h('p', { class: 'note' }, 'No job has made a latent of this bundle yet.');
    }
    chosen({ job: withLatent[0].id });
    return h('label', {}, 'Job', select);
  }

  return { element, use: name => {
    bundle = name;
    return show(element.querySelector('input[type=radio]:checked').value);
  } };
}
