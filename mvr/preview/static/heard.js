// What is heard, painted on a canvas as wide as the window: ruler, sections, beats, waveform and the words sung.

import { file, project } from "./store.js";

const ROWS = { ruler: 16, sections: 19, wave: 46, words: 19 };
const PAINTED = ROWS.ruler + ROWS.sections + ROWS.wave + ROWS.words;
const ROLES = ["intro", "verse", "pre-chorus", "chorus", "bridge", "break", "solo", "outro", "part"];

export class Heard {
  /** paint is called when something came that is to be painted. */
  constructor(canvas, paint) {
    this.canvas = canvas;
    this.paint = paint;
    this.peaks = null;
    this.sung = [];
    this.colours = {};
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours = {};
      paint();
    });
  }

  /** The project is another one, or changed. */
  anew() {
    this.sung = project.lyrics.flatMap((line) =>
      line.words?.length ? line.words : [{ start: line.start, end: line.end, text: line.text }],
    );
    this.fetchPeaks();
  }

  async fetchPeaks() {
    if (!project.wave || project.wave === this.song) return;
    this.song = project.wave;
    const answer = await fetch(file(project.wave));
    if (!answer.ok) return;
    this.peaks = new Uint8Array(await answer.arrayBuffer());
    this.paint();
  }

  colour(name) {
    this.colours[name] ??= getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    return this.colours[name];
  }

  /** Paints the part of the song that begins left pixels from its start and is width pixels wide; scale is pixels a
   * second. */
  draw({ left, width, scale }) {
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
    const from = left / scale;
    const view = { pen, scale, width, from, to: (left + width) / scale, x: (seconds) => (seconds - from) * scale };
    this.sections(view);
    this.beats(view);
    this.wave(view);
    this.words(view);
  }

  sections({ pen, from, to, x }) {
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

  beats({ pen, scale, from, to, x }) {
    const bottom = PAINTED - ROWS.words;
    const line = (time, top, alpha) => {
      pen.globalAlpha = alpha;
      pen.fillRect(Math.round(x(time)), top, 1, bottom - top);
    };
    pen.fillStyle = this.colour("ink");
    const { beats, downbeats } = project;
    const space = beats.length > 1 ? ((beats.at(-1) - beats[0]) / (beats.length - 1)) * scale : 0;
    if (space > 7) for (const beat of beats) if (beat >= from && beat <= to) line(beat, ROWS.ruler + ROWS.sections + 8, 0.1);
    const bar = downbeats.length > 1 ? ((downbeats.at(-1) - downbeats[0]) / (downbeats.length - 1)) * scale : 0;
    if (bar > 5) for (const beat of downbeats) if (beat >= from && beat <= to) line(beat, ROWS.ruler + ROWS.sections, 0.22);
    pen.globalAlpha = 1;
    pen.fillStyle = this.colour("dim");
    pen.font = `10.5px ${this.colour("font")}`;
    const every = [1, 2, 5, 10, 15, 30, 60, 120, 300].find((step) => step * scale > 64) ?? 600;
    for (let time = Math.ceil(from / every) * every; time <= to; time += every) {
      pen.fillText(`${Math.floor(time / 60)}:${String(time % 60).padStart(2, "0")}`, x(time) + 3, 8);
      pen.fillRect(Math.round(x(time)), 2, 1, 11);
    }
  }

  wave({ pen, scale, width, from, x }) {
    if (!this.peaks) return;
    const top = ROWS.ruler + ROWS.sections;
    const middle = top + ROWS.wave / 2 - 1;
    const half = ROWS.wave / 2 - 4;
    pen.fillStyle = this.colour("wave");
    const per = 100 / scale; // peaks a pixel
    for (let pixel = 0; pixel < width; pixel++) {
      const first = Math.floor(from * 100 + pixel * per);
      const last = Math.min(this.peaks.length, Math.max(first + 1, Math.floor(first + per)));
      let high = 0;
      for (let index = first; index < last; index++) if (this.peaks[index] > high) high = this.peaks[index];
      const tall = Math.max(0.5, (high / 255) * half);
      if (first < this.peaks.length) pen.fillRect(pixel, middle - tall, 1, 2 * tall);
    }
  }

  words({ pen, scale, from, to, x }) {
    const middle = PAINTED - ROWS.words / 2 - 1;
    pen.font = `12px ${this.colour("font")}`;
    pen.fillStyle = this.colour("soft");
    const rows = scale > 34 ? this.sung : project.lyrics;
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
