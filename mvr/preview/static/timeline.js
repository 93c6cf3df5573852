// The timeline: what is heard is painted on a canvas as wide as the window; shots and cuts are elements, to scale.

import { at, clamp, fill, h, moment, once, toast } from "./dom.js";
import { change, file, parts, project, rate, shotAt, shots, small } from "./store.js";

const MOST = 260; // pixels a second, at most
const ROWS = { ruler: 16, sections: 19, wave: 46, words: 19 };
const PAINTED = ROWS.ruler + ROWS.sections + ROWS.wave + ROWS.words;
const ROLES = ["intro", "verse", "pre-chorus", "chorus", "bridge", "break", "solo", "outro", "part"];

export const STATES = {
  fresh: "fresh",
  stale: "stale",
  queued: "queued",
  making: "being made",
  failed: "failed",
  pinned: "pinned",
};

export class Timeline {
  constructor(player) {
    this.player = player;
    this.scroll = at("scroll");
    this.strip = at("strip");
    this.canvas = at("paint");
    this.head = at("head");
    this.zoom = at("zoom").querySelector("input");
    this.scale = 10; // pixels a second
    this.peaks = null;
    this.boxes = new Map();
    this.grips = new Map();
    this.colours = {};
    this.held = null;
    this.paint = once(() => this.painted());
    this.near = new IntersectionObserver((seen) => this.came(seen), { root: this.scroll, rootMargin: "0px 500px" });
    this.scroll.addEventListener("scroll", this.paint, { passive: true });
    this.scroll.addEventListener("pointerdown", (event) => this.pressed(event));
    this.scroll.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    this.zoom.addEventListener("input", () => this.zoomed());
    new ResizeObserver(() => this.laid()).observe(this.scroll);
    for (const query of ["(prefers-color-scheme: dark)"]) {
      matchMedia(query).addEventListener("change", () => {
        this.colours = {};
        this.paint();
      });
    }
  }

  /** Takes changed parts over. */
  heard(names) {
    if (!project) return;
    const anew = names.has("project");
    if (anew) {
      this.sung = project.lyrics.flatMap((line) =>
        line.words?.length ? line.words : [{ start: line.start, end: line.end, text: line.text }],
      );
      this.fetchPeaks();
      this.laid();
    }
    for (const shot of shots) if (anew || names.has(`shot:${shot.id}`)) this.draw(shot);
    if (anew) this.tidy();
    if (names.has("work")) this.working();
    if (anew || [...names].some((name) => name.startsWith("shot:"))) this.paint();
  }

  async fetchPeaks() {
    if (!project.wave || project.wave === this.wave) return;
    this.wave = project.wave;
    const answer = await fetch(file(project.wave));
    if (!answer.ok) return;
    this.peaks = new Uint8Array(await answer.arrayBuffer());
    this.paint();
  }

  get least() {
    return Math.max(1, (this.scroll.clientWidth - 1) / project.seconds);
  }

  x(seconds) {
    return seconds * this.scale;
  }

  /** Lays everything out at the scale that the zoom gives. */
  laid() {
    if (!project || !this.scroll.clientWidth) return;
    if (!this.opened) {
      this.opened = true;
      const most = this.scroll.clientWidth / Math.max(1, shots.length); // pixels a shot, of all on one screen
      if (most < 40) this.zoom.value = 24;
    }
    const part = Number(this.zoom.value) / 100;
    this.scale = this.least * (Math.max(MOST, this.least * 4) / this.least) ** part;
    this.strip.style.width = `${Math.ceil(this.x(project.seconds))}px`;
    for (const shot of shots) this.place(shot);
    this.moved(this.player.last ?? 0);
    this.paint();
  }

  zoomed(around = null) {
    if (!project) return;
    const middle = around ?? this.x((this.player.last ?? 0) / rate()) - this.scroll.scrollLeft;
    const kept = clamp(middle, 0, this.scroll.clientWidth);
    const time = (this.scroll.scrollLeft + kept) / this.scale;
    this.laid();
    this.scroll.scrollLeft = this.x(time) - kept;
  }

  wheeled(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom.value = clamp(Number(this.zoom.value) - event.deltaY / 8, 0, 100);
    this.zoomed(event.clientX - this.scroll.getBoundingClientRect().left);
  }

  closer(by) {
    this.zoom.value = clamp(Number(this.zoom.value) + by, 0, 100);
    this.zoomed();
  }

  // shots

  draw(shot) {
    let box = this.boxes.get(shot.id);
    if (!box) {
      box = h(
        "button",
        { type: "button", class: "shot", data: { shot: shot.id }, role: "listitem", tabIndex: -1 },
        h("span", { class: "film" }),
        h("span", { class: "name" }),
        h("span", { class: "mark" }),
        h("span", { class: "made" }, h("i")),
      );
      this.boxes.set(shot.id, box);
      at("shots").append(box);
      this.near.observe(box);
    }
    box.shot = shot;
    const noted = shot.note ? `, note: ${shot.note}` : "";
    box.dataset.state = shot.state;
    box.classList.toggle("noted", Boolean(shot.note));
    box.title = `${shot.id}, ${STATES[shot.state] ?? shot.state}${noted}`;
    box.setAttribute("aria-label", box.title);
    this.place(shot);
    if (box.seen) this.film(box);
    if (shot.index > 0) this.grip(shot);
  }

  place(shot) {
    const box = this.boxes.get(shot.id);
    if (!box) return;
    const left = Math.round(this.x(shot.start));
    box.style.left = `${left}px`;
    const wide = Math.max(2, Math.round(this.x(shot.end)) - left);
    box.style.width = `${wide}px`;
    const narrow = wide < 76; // the section stands above it: its bar will do
    const name = narrow ? shot.id.slice(shot.section.length) : shot.id;
    if (box.told !== name) box.querySelector(".name").textContent = box.told = name;
    box.classList.toggle("narrow", wide < 40);
    box.classList.toggle("sliver", wide < 22);
    const grip = this.grips.get(shot.id);
    if (grip && grip !== this.held?.grip) grip.style.left = `${left}px`;
  }

  /** The pictures of the boxes that came near. */
  came(entries) {
    for (const { target, isIntersecting } of entries) {
      target.seen = isIntersecting;
      if (isIntersecting) this.film(target);
    }
  }

  film(box) {
    const live = Object.entries(parts.work ?? {}).find(
      ([node, one]) => one.picture && node.startsWith(`${box.shot.id}/`) && !node.endsWith("@draft"),
    );
    const wanted = live ? file(live[1].picture) : box.shot.picture ? small(box.shot.picture) : "";
    if (box.pictured === wanted || !wanted) return;
    box.pictured = wanted;
    const picture = new Image();
    picture.onload = () => {
      if (box.pictured === wanted) box.querySelector(".film").style.backgroundImage = `url("${wanted}")`;
    };
    picture.onerror = () => {
      if (box.pictured === wanted) box.pictured = "";
    };
    picture.src = wanted;
  }

  working() {
    const far = new Map();
    for (const [node, one] of Object.entries(parts.work ?? {})) {
      if (node.endsWith("@draft")) continue;
      const shot = node.slice(0, node.lastIndexOf("/"));
      far.set(shot, Math.max(far.get(shot) ?? 0, one.fraction));
    }
    for (const [id, box] of this.boxes) {
      const fraction = far.get(id);
      if (fraction === undefined && !box.busy) continue;
      box.busy = fraction !== undefined;
      box.querySelector(".made i").style.transform = `scaleX(${fraction ?? 0})`;
      box.querySelector(".mark").textContent = fraction === undefined ? "" : `${Math.round(fraction * 100)}%`;
      if (box.seen) this.film(box);
    }
  }

  tidy() {
    const known = new Set(project.order);
    for (const map of [this.boxes, this.grips]) {
      for (const [id, element] of map) {
        if (known.has(id)) continue;
        element.remove();
        this.near.unobserve(element);
        map.delete(id);
      }
    }
    const order = shots.map((shot) => this.boxes.get(shot.id));
    if (order.some((box, index) => at("shots").children[index] !== box)) at("shots").append(...order);
    const first = shots[0] && this.grips.get(shots[0].id);
    if (first) {
      first.remove();
      this.grips.delete(shots[0].id);
    }
  }

  // cuts

  grip(shot) {
    let grip = this.grips.get(shot.id);
    if (!grip) {
      grip = h("button", { type: "button", class: "cut", role: "slider", data: { cut: shot.id } }, h("i"));
      grip.addEventListener("keydown", (event) => this.nudged(event, grip));
      this.grips.set(shot.id, grip);
      at("cuts").append(grip);
    }
    grip.shot = shot;
    grip.setAttribute("aria-label", `Cut at the start of ${shot.id}`);
    grip.setAttribute("aria-valuenow", shot.start.toFixed(2));
    grip.setAttribute("aria-valuemin", (shots[shot.index - 1]?.start ?? 0).toFixed(2));
    grip.setAttribute("aria-valuemax", shot.end.toFixed(2));
    grip.setAttribute("aria-valuetext", moment(shot.start));
    grip.title = "Drag to a beat; with shift, to any frame; double-click gives it back to the plan";
    grip.classList.toggle("own", shot.own.includes("first_frame"));
    this.place(shot);
  }

  /** Where a cut may stand nearest to a time: on a beat, or, freely, on a frame. */
  landed(shot, seconds, free) {
    const step = 1 / rate();
    const least = (shots[shot.index - 1]?.start ?? 0) + step;
    const most = shot.end - step;
    if (!free) {
      const beats = project.beats.filter((beat) => beat >= least && beat <= most);
      if (beats.length) seconds = beats.reduce((a, b) => (Math.abs(b - seconds) < Math.abs(a - seconds) ? b : a));
    }
    return clamp(Math.round(clamp(seconds, least, most) * rate()) / rate(), least, most);
  }

  async cut(shot, seconds) {
    try {
      const answer = await change("start", { shot: shot.id, seconds });
      toast(answer.said);
    } catch (error) {
      toast(error.message, "wrong");
      this.place(shot);
    }
  }

  nudged(event, grip) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const shot = grip.shot;
    const beat = project.beats.filter((one) => (one - shot.start) * by > 0.02).sort((a, b) => (a - b) * by)[0];
    const to = event.shiftKey || beat === undefined ? shot.start + by / rate() : beat;
    this.cut(shot, this.landed(shot, to, event.shiftKey));
  }

  pressed(event) {
    if (event.button !== 0 || !project) return;
    const grip = event.target.closest(".cut");
    const rect = this.strip.getBoundingClientRect();
    const time = (one) => (one.clientX - rect.left - (this.strip.getBoundingClientRect().left - rect.left)) / this.scale;
    if (!grip && event.pointerType === "touch") {
      this.tapped(event); // a finger scrolls: it seeks only where it is lifted again
      return;
    }
    event.preventDefault();
    (grip ?? this.scroll).focus({ preventScroll: true });
    this.scroll.setPointerCapture(event.pointerId);
    const start = event.clientX;
    this.held = grip ? { grip, shot: grip.shot, to: null } : null;
    if (!grip) this.player.seek(Math.floor(time(event) * rate()));
    const move = (one) => {
      if (!grip) {
        this.player.seek(Math.floor(time(one) * rate()));
        return;
      }
      if (Math.abs(one.clientX - start) < 3 && this.held.to === null) return;
      this.held.to = this.landed(grip.shot, time(one), one.shiftKey || one.altKey);
      grip.style.left = `${this.x(this.held.to)}px`;
      grip.classList.add("held");
      grip.dataset.time = moment(this.held.to);
      this.player.seek(Math.round(this.held.to * rate()));
    };
    const end = (one) => {
      this.scroll.removeEventListener("pointermove", move);
      this.scroll.removeEventListener("pointerup", end);
      this.scroll.removeEventListener("pointercancel", end);
      const held = this.held;
      this.held = null;
      if (!held) return;
      grip.classList.remove("held");
      if (one.type === "pointerup" && held.to !== null) this.cut(held.shot, held.to);
      else this.place(held.shot);
      if (held.to === null && one.type === "pointerup") {
        if (one.timeStamp - (grip.pressedAt ?? -1000) < 400 && held.shot.own.includes("first_frame")) this.cut(held.shot, null);
        else this.player.seek(held.shot.first_frame);
        grip.pressedAt = one.timeStamp;
      }
    };
    this.scroll.addEventListener("pointermove", move);
    this.scroll.addEventListener("pointerup", end);
    this.scroll.addEventListener("pointercancel", end);
  }

  tapped(event) {
    const { clientX, clientY } = event;
    const up = (one) => {
      if (Math.hypot(one.clientX - clientX, one.clientY - clientY) < 8) {
        this.player.seek(Math.floor(((one.clientX - this.strip.getBoundingClientRect().left) / this.scale) * rate()));
      }
    };
    this.scroll.addEventListener("pointerup", up, { once: true });
    this.scroll.addEventListener("pointercancel", () => this.scroll.removeEventListener("pointerup", up), { once: true });
  }

  /** The film is at a frame. */
  moved(frame) {
    if (!project) return;
    const x = this.x(frame / rate());
    this.head.style.transform = `translateX(${x}px)`;
    const { scrollLeft, clientWidth } = this.scroll;
    if (this.player.speed && (x < scrollLeft || x > scrollLeft + clientWidth - 40)) this.scroll.scrollLeft = x - 60;
    const shot = shots[shotAt(frame)];
    if (shot && shot.id !== this.now) {
      this.boxes.get(this.now)?.removeAttribute("aria-current");
      this.now = shot.id;
      this.boxes.get(shot.id)?.setAttribute("aria-current", "true");
      if (!this.player.speed && !this.held) this.reveal(shot);
    }
  }

  reveal(shot) {
    const { scrollLeft, clientWidth } = this.scroll;
    const [left, right] = [this.x(shot.start), this.x(shot.end)];
    if (right < scrollLeft + 20 || left > scrollLeft + clientWidth - 20) this.scroll.scrollLeft = left - 60;
  }

  // what is heard

  colour(name) {
    this.colours[name] ??= getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    return this.colours[name];
  }

  painted() {
    if (!project) return;
    const width = this.scroll.clientWidth;
    const dense = window.devicePixelRatio || 1;
    const canvas = this.canvas;
    if (canvas.width !== Math.round(width * dense)) {
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(PAINTED * dense);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${PAINTED}px`;
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, PAINTED);
    const from = this.scroll.scrollLeft / this.scale;
    const to = (this.scroll.scrollLeft + width) / this.scale;
    const view = { pen, width, from, to, x: (seconds) => (seconds - from) * this.scale };
    this.paintSections(view);
    this.paintBeats(view);
    this.paintWave(view);
    this.paintWords(view);
  }

  paintSections({ pen, from, to, x }) {
    pen.font = `600 11px ${this.colour("font")}`;
    pen.textBaseline = "middle";
    const top = ROWS.ruler;
    for (const section of project.sections) {
      if (section.end < from || section.start > to) continue;
      const [left, right] = [x(section.start), x(section.end)];
      pen.fillStyle = this.colour(`role-${Math.max(0, ROLES.indexOf(section.role))}`);
      pen.globalAlpha = 0.9;
      pen.beginPath();
      pen.roundRect(left + 0.5, top, Math.max(1, right - left - 1), ROWS.sections - 3, 3);
      pen.fill();
      pen.globalAlpha = 0.07;
      pen.fillRect(left, top + ROWS.sections - 3, right - left, ROWS.wave + ROWS.words + 3);
      pen.globalAlpha = 1;
      const room = Math.min(right, x(to)) - Math.max(left, 0) - 10;
      if (room > 26) {
        pen.fillStyle = this.colour("on-role");
        pen.save();
        pen.beginPath();
        pen.rect(Math.max(left, 0), top, room + 8, ROWS.sections);
        pen.clip();
        pen.fillText(section.name, Math.max(left, 0) + 6, top + (ROWS.sections - 3) / 2 + 0.5);
        pen.restore();
      }
    }
  }

  paintBeats({ pen, from, to, x }) {
    const bottom = PAINTED - ROWS.words;
    const line = (time, top, alpha) => {
      pen.globalAlpha = alpha;
      pen.fillRect(Math.round(x(time)), top, 1, bottom - top);
    };
    pen.fillStyle = this.colour("ink");
    const { beats, downbeats } = project;
    const space = beats.length > 1 ? ((beats.at(-1) - beats[0]) / (beats.length - 1)) * this.scale : 0;
    if (space > 7) for (const beat of beats) if (beat >= from && beat <= to) line(beat, ROWS.ruler + ROWS.sections + 8, 0.1);
    const bar = downbeats.length > 1 ? ((downbeats.at(-1) - downbeats[0]) / (downbeats.length - 1)) * this.scale : 0;
    if (bar > 5) for (const beat of downbeats) if (beat >= from && beat <= to) line(beat, ROWS.ruler + ROWS.sections, 0.22);
    pen.globalAlpha = 1;
    pen.fillStyle = this.colour("dim");
    pen.font = `10.5px ${this.colour("font")}`;
    const every = [1, 2, 5, 10, 15, 30, 60, 120, 300].find((step) => step * this.scale > 64) ?? 600;
    for (let time = Math.ceil(from / every) * every; time <= to; time += every) {
      pen.fillText(`${Math.floor(time / 60)}:${String(time % 60).padStart(2, "0")}`, x(time) + 3, 8);
      pen.fillRect(Math.round(x(time)), 2, 1, 11);
    }
  }

  paintWave({ pen, width, from, x }) {
    if (!this.peaks) return;
    const top = ROWS.ruler + ROWS.sections;
    const middle = top + ROWS.wave / 2 - 1;
    const half = ROWS.wave / 2 - 4;
    pen.fillStyle = this.colour("wave");
    const per = 100 / this.scale; // peaks a pixel
    for (let pixel = 0; pixel < width; pixel++) {
      const first = Math.floor(from * 100 + pixel * per);
      const last = Math.min(this.peaks.length, Math.max(first + 1, Math.floor(first + per)));
      let high = 0;
      for (let index = first; index < last; index++) if (this.peaks[index] > high) high = this.peaks[index];
      const tall = Math.max(0.5, (high / 255) * half);
      if (first < this.peaks.length) pen.fillRect(pixel, middle - tall, 1, 2 * tall);
    }
  }

  paintWords({ pen, from, to, x }) {
    const middle = PAINTED - ROWS.words / 2 - 1;
    pen.font = `12px ${this.colour("font")}`;
    pen.fillStyle = this.colour("soft");
    const rows = this.scale > 34 ? this.sung : project.lyrics;
    let free = -1e9;
    for (const word of rows) {
      if (word.end < from || word.start > to) continue;
      const left = x(word.start);
      if (left < free) continue;
      const text = rows === this.sung ? word.text : clipped(pen, word.text, x(word.end) - left - 4);
      if (!text) continue;
      pen.fillText(text, left, middle);
      free = left + pen.measureText(text).width + 5;
    }
  }
}

function clipped(pen, text, room) {
  if (room < 24) return "";
  if (pen.measureText(text).width <= room) return text;
  let short = text;
  while (short.length > 1 && pen.measureText(`${short}…`).width > room) short = short.slice(0, -2);
  return `${short.trimEnd()}…`;
}
