// What there is to edit with.

import { api } from './api.js';
import { fill, h, table } from './dom.js';
import { faces } from './sources.js';

const NETWORKS = ['generator', 'clip', 'identity', 'perceptual', 'encoder', 'delta', 'reader'];

export async function models(place, { signal }) {
  const { bundles } = await api.bundles(signal);
  fill(place, h('h1', {}, 'Models'), h('p', { class: 'lead' }, 'Bundles: networks that belong together, under a name and a version.'),
    bundles.length === 0 ? h('p', { class: 'empty' }, 'There is none. “./atelier models publish” puts one into the store.') : bundles.map(each => bundle(each, signal)));
}

function bundle(each, signal) {
  const name = `${each.name}@${each.version}`;
  const gallery = h('div', { class: 'faces' });
  const show = h('button', { type: 'button', onclick: async () => {
    show.disabled = true;
    try {
      fill(gallery, (await faces(name, signal)).filter(face => face.url).map(face => h('figure', {}, h('img', { src: face.url, alt: `Face of seed ${face.seed}` }), h('figcaption', {}, `seed ${face.seed}`))));
      show.hidden = true;
    } catch (error) {
      if (!signal.aborted) {
        fill(gallery, h('p', { class: 'problem' }, error.message));
        show.disabled = false;
      }
    }
  } }, 'Show sample faces');
  return h('section', { class: 'card stack', 'aria-label': name }, h('h2', {}, each.title, ' ', h('span', { class: 'id' }, name)), gallery, show,
    table(['Network', 'Architecture', 'What it is for'], NETWORKS.filter(network => each[network]).map(network => h('tr', {}, h('th', { scope: 'row' }, network), h('td', {}, each[network].architecture), h('td', {}, PURPOSES[network]))), ''),
    h('p', { class: 'note' }, each.licence),
    Object.entries(each.presets ?? {}).map(([type, preset]) => h('details', {}, h('summary', {}, `Preset for ${type}`), h('p', { class: 'note' }, preset.note), h('pre', { tabindex: '0', 'aria-label': `Preset for ${type}` }, JSON.stringify(preset.defaults, null, 2)))));
}

const PURPOSES = {
  generator: 'draws', clip: 'says how well a picture fits a text', identity: 'holds the person', perceptual: 'compares pictures as eyes do', encoder: 'finds latents of photos',
  delta: 'edits by any text in an instant', reader: 'judges edits, in no loss',
};
