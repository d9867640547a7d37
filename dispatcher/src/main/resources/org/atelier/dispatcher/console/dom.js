// Elements, and how numbers and moments are written.

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'rect', 'text', 'g', 'line', 'circle', 'title']);

/** An element. Text is always text, never markup, whoever wrote it. */
export function h(tag, props, ...children) {
  const svg = SVG_TAGS.has(tag);
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'class') {
      element.setAttribute('class', value);
    } else if (!svg && name in element && !name.startsWith('aria') && typeof value !== 'string') {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
}

/** Puts other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Tells those who cannot see the page what has happened on it. */
export function say(text) {
  document.getElementById('said').textContent = text;
}

export function state(job) {
  const text = job.cancelling ? `${job.state}, cancelling` : job.state;
  return h('span', { class: `state ${job.state}` }, text);
}

export function jobLink(id) {
  return h('a', { class: 'id', href: `#/jobs/${encodeURIComponent(id)}` }, id);
}

/** A number of things. */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** Seconds as people say them. */
export function duration(seconds) {
  if (seconds === undefined || seconds === null) {
    return '–';
  }
  if (seconds < 60) {
    return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  }
  if (seconds < 3600) {
    return seconds < 600 ? `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s` : `${Math.round(seconds / 60)} min`;
  }
  return seconds < 86400
    ? `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`
    : `${Math.floor(seconds / 86400)} d ${Math.floor(seconds % 86400 / 3600)} h`;
}

/** A moment, with how long ago it was. */
export function moment(iso) {
  if (!iso) {
    return '–';
  }
  const date = new Date(iso);
  return h('time', { datetime: iso, title: date.toLocaleString() }, `${duration((Date.now() - date) / 1000)} ago`);
}

export function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

/** What a request is about, in a few words. */
export function subject(request) {
  const prompts = request.prompts?.map(prompt => prompt.target ?? prompt).join(', ');
  const seeds = request.sources?.map(source => source.seed).filter(seed => seed !== undefined);
  return request.prompt ?? prompts ?? (seeds?.length ? `seeds ${seeds.slice(0, 8).join(', ')}${seeds.length > 8 ? ', …' : ''}` : '');
}

/** A section with a heading. */
export function card(title, ...children) {
  const id = `card-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`;
  return h('section', { class: 'card', 'aria-labelledby': id }, h('h2', { id }, title), children);
}

export function table(heads, rows, empty) {
  if (rows.length === 0) {
    return h('p', { class: 'empty' }, empty);
  }
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, heads.map(head => h('th', { scope: 'col', class: head.number ? 'number' : undefined }, head.text ?? head)))),
    h('tbody', {}, rows)));
}
