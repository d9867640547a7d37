// The dispatcher's API as the console uses it: /openapi.json describes it.

const KEY = 'atelier-token';

/** What the API refused, in words for people. */
export class Refused extends Error {
  constructor(problem) {
    super([problem.detail ?? problem.title, ...(problem.violations ?? []).map(each => `${each.field || 'the request'}: ${each.message}`)].join('\n'));
    this.status = problem.status;
    this.violations = problem.violations ?? [];
  }
}

export function token() {
  return sessionStorage.getItem(KEY);
}

export function keepToken(value) {
  if (value) {
    sessionStorage.setItem(KEY, value);
  } else {
    sessionStorage.removeItem(KEY);
  }
}

async function call(path, options = {}) {
  const headers = new Headers(options.headers);
  if (token()) {
    headers.set('Authorization', `Bearer ${token()}`);
  }
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Refused({ title: 'The dispatcher does not answer. This page goes on when it does.', status: 0 });
  }
  if (!response.ok) {
    const json = response.headers.get('Content-Type')?.includes('json');
    throw new Refused(json ? await response.json() : { title: `The answer was ${response.status}`, status: response.status });
  }
  return response;
}

const json = async response => (await response).json();
const path = (...segments) => `/v1/${segments.map(encodeURIComponent).join('/')}`;
const sent = body => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export const api = {
  overview: signal => json(call('/v1/overview', { signal })),
  workers: signal => json(call('/v1/workers', { signal })),
  jobs: (query, signal) => json(call(`/v1/jobs?${new URLSearchParams(query)}`, { signal })),
  job: (id, signal) => json(call(path('jobs', id), { signal })),
  lineage: (id, signal) => json(call(path('jobs', id, 'lineage'), { signal })),
  preview: (id, digest, signal) => json(call(path('jobs', id, 'previews', digest), { signal })),
  cancel: id => json(call(`${path('jobs', id)}/cancel`, { method: 'POST' })),
  bundles: signal => json(call('/v1/bundles', { signal })),
  replay: request => json(call('/v1/replays', sent(request))),
  upload: file => json(call('/v1/uploads', { method: 'POST', headers: { 'Content-Type': file.type }, body: file })),

  /** @param key the same key is the same job, however often it is sent */
  submit(submission, key) {
    const options = sent(submission);
    if (key) {
      options.headers['Idempotency-Key'] = key;
    }
    return json(call('/v1/jobs', options));
  },

  /**
   * Tells the events of a job until its newest run has ended or the signal says stop; goes on where it was when the line is cut.
   * A stream tells the past first, ends of earlier runs too: the one that the stream closes after is the newest.
   * Not by EventSource, which cannot send a token.
   */
  async watch(id, listener, signal) {
    let last;
    let ended = false;
    for (let pause = 250; !signal.aborted; pause = Math.min(pause * 2, 5000)) {
      try {
        const response = await call(`${path('jobs', id)}/events`, {
          signal, headers: { Accept: 'text/event-stream', ...(last === undefined ? {} : { 'Last-Event-ID': last }) },
        });
        if (response.status === 204) {
          return;
        }
        for await (const event of events(response.body)) {
          pause = 250;
          last = event.id ?? last;
          if (event.name) {
            ended = event.name === 'run.ended';
            listener(event.name, JSON.parse(event.data));
          }
        }
        if (ended) {
          return;
        }
      } catch (error) {
        if (signal.aborted || error.status && error.status < 500) {
          return;
        }
      }
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  },

  /** Waits for the end of a job; its view. */
  async ended(id, signal, listener = () => {}) {
    await this.watch(id, listener, signal);
    return this.job(id, signal);
  },
};

/** The blocks of a stream of server-sent events. */
async function* events(body) {
  let text = '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const field = name => block.split('\n').filter(line => line.startsWith(`${name}: `)).map(line => line.slice(name.length + 2)).join('\n');
      yield { id: field('id') || undefined, name: field('event') || undefined, data: field('data') };
    }
  }
}
