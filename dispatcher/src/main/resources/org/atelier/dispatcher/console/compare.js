// Pictures side by side: before and after under one handle, and a strip of strengths under another.

import { fill, h } from './dom.js';

/** Two pictures over each other; a handle says how much of each is seen. */
export function compare(before, after) {
  const element = h('div', { class: 'compare' },
    h('div', { class: 'frame' }, h('img', { src: after, alt: 'After the edit' }), h('div', { class: 'over' }, h('img', { src: before, alt: 'Before the edit' })), h('div', { class: 'cut' })),
    h('input', { type: 'range', min: '0', max: '100', value: '50', 'aria-label': 'How much of the picture before the edit is shown, in percent',
      oninput: event => element.style.setProperty('--cut', `${event.target.value}%`) }),
    h('div', { class: 'ends', 'aria-hidden': 'true' }, h('span', {}, 'before'), h('span', {}, 'after')));
  element.style.setProperty('--cut', '50%');
  return element;
}

/**
 * One picture of several; a handle says which.
 *
 * @param pictures in order, each with url and caption
 */
export function strip(pictures, label) {
  const image = h('img', { width: 420 });
  const caption = h('figcaption', {});
  const show = index => {
    image.src = pictures[index].url;
    image.alt = pictures[index].caption;
    fill(caption, pictures[index].caption);
  };
  const handle = h('input', { type: 'range', min: '0', max: String(pictures.length - 1), step: '1', value: '0', 'aria-label': label,
    oninput: event => {
      show(Number(event.target.value));
      handle.setAttribute('aria-valuetext', pictures[Number(event.target.value)].caption);
    } });
  show(0);
  return h('figure', { class: 'compare' }, image, handle, caption);
}
