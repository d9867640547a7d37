// What a job needed and what needs it, as a graph of three columns.

import { count, h } from './dom.js';

const WIDTH = 210, HEIGHT = 44, GAP = 12, COLUMN = 290;

export function lineage(job, relatives) {
  const run = id => id.split('/')[0];
  const origins = [...relatives.parents,
    ...(relatives.replay_of ? [{ job: run(relatives.replay_of), type: 'replayed from', state: relatives.replay_of.split('/')[1] }] : []),
    ...(relatives.composite ? [{ job: run(relatives.composite), type: 'part of', state: '' }] : [])];
  const heirs = [...relatives.children, ...(job.parts ?? []).map(part => ({ job: part.id, type: part.type, state: part.state }))].slice(0, 24);
  const rows = Math.max(1, origins.length, heirs.length);
  const height = rows * (HEIGHT + GAP);
  const place = (count, index) => (height - count * (HEIGHT + GAP)) / 2 + index * (HEIGHT + GAP) + GAP / 2;
  const middle = place(1, 0);
  const node = (each, x, y, self) => h('g', { class: self ? 'self' : undefined, transform: `translate(${x} ${y})` },
    h('rect', { width: WIDTH, height: HEIGHT, rx: 8 }), h('text', { x: 12, y: 19 }, each.job.length > 27 ? `${each.job.slice(0, 26)}…` : each.job),
    h('text', { class: 'sub', x: 12, y: 35 }, `${each.type} ${each.state}`.trim()));
  const edge = (x, from, to) => h('path', { d: `M${x} ${from + HEIGHT / 2}C${x + 40} ${from + HEIGHT / 2} ${x + 40} ${to + HEIGHT / 2} ${x + 80} ${to + HEIGHT / 2}` });
  const others = [...origins, ...heirs];
  return h('div', {},
    h('svg', { class: 'lineage', viewBox: `0 0 ${2 * COLUMN + WIDTH} ${height}`, role: 'img', 'aria-label': `${count(origins.length, 'job leads', 'jobs lead')} to this one, ${count(heirs.length, 'follows', 'follow')}; they are listed below` },
      origins.map((each, i) => [edge(WIDTH, place(origins.length, i), middle), node(each, 0, place(origins.length, i))]),
      heirs.map((each, i) => [edge(COLUMN + WIDTH, middle, place(heirs.length, i)), node(each, 2 * COLUMN, place(heirs.length, i))]),
      node({ job: job.id, type: job.type, state: job.state }, COLUMN, middle, true)),
    others.length === 0
      ? h('p', { class: 'empty' }, 'It needs no other job, and none needs it.')
      : h('ul', { class: 'legend' }, others.map(each => h('li', {}, h('a', { href: `#/jobs/${encodeURIComponent(each.job)}` }, each.job), ` ${each.type} ${each.state}`))));
}
