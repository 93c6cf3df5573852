// What the server says, by name, and who wants to know when some of it changes.

const HERE = new URL(".", location.href);
const TOKEN = HERE.pathname.split("/")[1];
const listeners = [];
export const parts = Object.create(null);

/** What a shot can be, and how it is said. */
export const STATES = {
  fresh: "fresh",
  stale: "stale",
  queued: "queued",
  making: "being made",
  failed: "failed",
  pinned: "pinned",
};

/** The shots in the film's order. */
export let shots = [];
export let project = null;

/** Calls a function with the set of changed names, once now if there is anything, and after every change. */
export function listen(heard) {
  listeners.push(heard);
  if (project) heard(new Set(Object.keys(parts)));
}

export const file = (digest) => `b/${digest}`;
export const small = (digest) => `t/${digest}`;

/** The frames a second, as a number. */
export function rate() {
  const [above, below] = project.fps.split("/").map(Number);
  return above / (below || 1);
}

/** The index of the shot that a frame is in. */
export function shotAt(frame) {
  let low = 0;
  let high = shots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (shots[middle].first_frame <= frame) low = middle;
    else high = middle - 1;
  }
  return low;
}

function take(changed) {
  for (const [name, value] of Object.entries(changed)) {
    if (value === null) delete parts[name];
    else parts[name] = value;
  }
  project = parts.project ?? null;
  shots = project ? project.order.map((id) => parts[`shot:${id}`]).filter(Boolean) : [];
  const names = new Set(Object.keys(changed));
  for (const heard of listeners) heard(names);
}

/** Listens to the server for as long as the page is open; told is called with true or false as it is there or not. */
export function connect(told) {
  const source = new EventSource("events");
  source.addEventListener("whole", (event) => {
    const whole = JSON.parse(event.data);
    for (const name of Object.keys(parts)) if (!(name in whole)) whole[name] = null;
    told(true);
    take(whole);
  });
  source.addEventListener("parts", (event) => take(JSON.parse(event.data)));
  source.onerror = () => {
    told(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => connect(told), 1000);
  };
  return source;
}

/** A document. Throws an Error with the server's words. */
export async function ask(what, about = {}) {
  return answered(await fetch(`ask/${what}?${new URLSearchParams(about)}`));
}

/** A change. Gives the server's answer; throws an Error with its words. */
export async function change(verb, about = {}) {
  const headers = { "content-type": "application/json", "x-mvr-token": TOKEN };
  return answered(await fetch(`do/${verb}`, { method: "POST", headers, body: JSON.stringify(about) }));
}

async function answered(response) {
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  let said = text.trim();
  try {
    said = JSON.parse(text).text;
  } catch {
    // words of the server itself, which are no document
  }
  throw new Error(said || `the server answered ${response.status}`);
}
