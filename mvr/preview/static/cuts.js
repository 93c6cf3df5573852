// The cuts on the timeline: each can be dragged to a beat, or freely, or nudged with the arrow keys.

import { at, clamp, h, moment, toast } from "./dom.js";
import { change, project, rate, shots } from "./store.js";

export class Cuts {
  /** x gives the pixels of a time; seek takes the player to a frame. */
  constructor(x, seek) {
    this.x = x;
    this.seek = seek;
    this.grips = new Map();
    this.held = null;
  }

  /** Makes or renews the grip at the start of a shot. */
  draw(shot) {
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

  /** Puts a shot's grip where its cut is, unless it is held. */
  place(shot) {
    const grip = this.grips.get(shot.id);
    if (grip && grip !== this.held?.grip) grip.style.left = `${Math.round(this.x(shot.start))}px`;
  }

  /** Keeps the grips of these shots only. */
  keep(ids) {
    for (const [id, grip] of this.grips) {
      if (ids.has(id)) continue;
      grip.remove();
      this.grips.delete(id);
    }
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

  /** Takes hold of a grip at a pointer's press. */
  hold(grip, event) {
    this.held = { grip, shot: grip.shot, from: event.clientX, to: null };
  }

  /** The pointer that holds a grip is at a time. */
  drag(event, seconds) {
    const { grip, shot, from, to } = this.held;
    if (Math.abs(event.clientX - from) < 3 && to === null) return;
    this.held.to = this.landed(shot, seconds, event.shiftKey || event.altKey);
    grip.style.left = `${this.x(this.held.to)}px`;
    grip.classList.add("held");
    grip.dataset.time = moment(this.held.to);
    this.seek(Math.round(this.held.to * rate()));
  }

  /** The pointer let go: where it was dragged the cut is moved; a click goes there, a second gives it back. */
  drop(event) {
    const { grip, shot, to } = this.held;
    this.held = null;
    grip.classList.remove("held");
    const whole = event.type === "pointerup";
    if (whole && to !== null) this.cut(shot, to);
    else this.place(shot);
    if (!whole || to !== null) return;
    const twice = event.timeStamp - (grip.pressedAt ?? -1000) < 400;
    if (twice && shot.own.includes("first_frame")) this.cut(shot, null);
    else this.seek(shot.first_frame);
    grip.pressedAt = event.timeStamp;
  }
}
