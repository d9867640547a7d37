// Losses over steps, as lines. Several scales do not fit one axis, so every loss is drawn between its own least and largest value.

import { h } from './dom.js';

const WIDTH = 560, HEIGHT = 180, LEFT = 8, RIGHT = 8, TOP = 8, BOTTOM = 22;
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 2'];

export class LossChart {
  constructor() {
    this.element = h('div', {});
    this.clear();
  }

  clear() {
    this.points = new Map();
    this.steps = 1;
    this.draw();
  }

  add(step, steps, losses) {
    this.steps = Math.max(this.steps, steps);
    for (const [name, value] of Object.entries(losses ?? {})) {
      if (Number.isFinite(value)) {
        const line = this.points.get(name) ?? new Map();
        line.set(step, value);
        this.points.set(name, line);
      }
    }
    this.draw();
  }

  draw() {
    if (this.points.size === 0) {
      this.element.replaceChildren(h('p', { class: 'empty' }, 'No losses yet.'));
      return;
    }
    const x = step => LEFT + (WIDTH - LEFT - RIGHT) * step / this.steps;
    const lines = [...this.points].map(([name, points], index) => {
      const values = [...points.values()];
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (high === low ? 0.5 : (high - value) / (high - low));
      const path = [...points].sort(([a], [b]) => a - b).map(([step, value], i) => `${i ? 'L' : 'M'}${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join('');
      return { name, path, low, high, last: values.at(-1), style: { fill: 'none', stroke: `var(--series-${index % 5 + 1})`, 'stroke-width': 2, 'stroke-dasharray': DASHES[index % 5] || undefined } };
    });
    const words = lines.map(line => `${line.name} ${line.last.toPrecision(4)}`).join(', ');
    this.element.replaceChildren(
      h('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `Losses, each on a scale of its own; now ${words}` },
        h('line', { class: 'axis', x1: LEFT, x2: WIDTH - RIGHT, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }),
        h('text', { x: LEFT, y: HEIGHT - 6 }, '0'), h('text', { x: WIDTH - RIGHT, y: HEIGHT - 6, 'text-anchor': 'end' }, `${this.steps} steps`),
        lines.map(line => h('path', { d: line.path, ...line.style }))),
      h('ul', { class: 'legend' }, lines.map(line => h('li', {},
        h('svg', { width: 22, height: 8, 'aria-hidden': 'true' }, h('line', { x1: 0, x2: 22, y1: 4, y2: 4, ...line.style })),
        `${line.name} ${line.last.toPrecision(3)} (${line.low.toPrecision(2)} to ${line.high.toPrecision(2)})`))));
  }
}
