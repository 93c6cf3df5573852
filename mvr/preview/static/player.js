// The film: two video elements, one of which is seen. A new film is loaded in the other, brought to the same moment,
// and then shown in place of the first, so that nothing flickers and the film goes on from where it was.

import { at, clamp } from "./dom.js";
import { file, project, rate } from "./store.js";

const AHEAD = 0.12; // seconds that the new film is started ahead of the old one: about what its first frame takes
const BACKWARDS = 12; // pictures a second when the film is played backwards

export class Player {
  constructor() {
    this.front = at("one");
    this.back = at("two");
    this.digest = "";
    this.wanted = "";
    this.speed = 0; // 0 stands still, 1 plays, 2 and 4 fast, -1 backwards
    this.loop = null; // [first, end) frames, in review
    this.onmove = () => {};
    this.onplay = () => {};
    this.target = 0;
    this.rewinding = 0;
    for (const video of [this.front, this.back]) {
      video.addEventListener("ended", () => video === this.front && this.ended());
      video.addEventListener("seeked", () => video === this.front && this.moved());
      video.addEventListener("timeupdate", () => video === this.front && this.moved());
    }
    this.front.className = "seen";
    const tick = () => {
      if (this.speed > 0) this.moved();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  get frame() {
    if (!project) return 0;
    return clamp(Math.floor(this.front.currentTime * rate() + 1e-3), 0, project.frames - 1);
  }

  moved() {
    const frame = this.frame;
    if (this.loop && this.speed > 0 && (frame >= this.loop[1] || frame < this.loop[0] - 2)) {
      this.seek(this.loop[0]);
      return;
    }
    if (frame !== this.last) {
      this.last = frame;
      this.onmove(frame);
    }
  }

  /** Shows another film, from the moment at which this one is. */
  show(digest) {
    if (digest === this.wanted) return;
    this.wanted = digest;
    const next = this.back;
    next.muted = true;
    next.src = file(digest);
    next.load();
    const stale = () => this.wanted !== digest;
    const loaded = () => {
      if (stale()) return;
      const playing = this.speed > 0 && !this.front.paused;
      const ahead = playing ? AHEAD * this.front.playbackRate : 0;
      const wish = this.digest ? this.front.currentTime + ahead : this.target;
      next.addEventListener("seeked", () => !stale() && this.ready(next, digest, playing), { once: true });
      next.currentTime = clamp(wish, 0, Math.max(0, next.duration - 0.01));
    };
    next.addEventListener("loadeddata", loaded, { once: true });
    next.addEventListener(
      "error",
      () => {
        if (!stale()) this.wanted = ""; // it went while it was loaded: the next one comes with the next change
      },
      { once: true },
    );
  }

  async ready(next, digest, playing) {
    next.playbackRate = Math.max(1, this.speed);
    if (playing) {
      await next.play().catch(() => {});
      await new Promise((shown) => next.requestVideoFrameCallback(shown));
    } else {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }
    if (this.wanted !== digest) return;
    const old = this.front;
    next.volume = old.volume;
    next.muted = false;
    old.muted = true;
    next.className = "seen";
    old.className = "";
    this.front = next;
    this.back = old;
    this.digest = digest;
    old.pause();
    document.documentElement.dataset.film = digest;
    performance.mark("film", { detail: digest });
    this.moved();
    this.onmove(this.frame);
  }

  /** Goes to a frame. */
  seek(frame) {
    if (!project) return;
    const wanted = clamp(frame, 0, project.frames - 1);
    this.target = (wanted + 0.5) / rate();
    this.front.currentTime = this.target;
    this.last = wanted;
    this.onmove(wanted);
  }

  step(frames) {
    this.pause();
    this.seek((this.last ?? this.frame) + frames);
  }

  ended() {
    if (this.loop) this.seek(this.loop[0]);
    else this.pause();
  }

  pause() {
    this.speed = 0;
    clearInterval(this.rewinding);
    this.front.pause();
    this.onplay(0);
  }

  /** Plays: 1 as it is, 2 or 4 fast, -1 and -2 backwards. */
  play(speed = 1) {
    if (!this.digest) return;
    clearInterval(this.rewinding);
    this.speed = speed;
    if (speed < 0) {
      this.front.pause();
      const by = Math.max(1, Math.round((-speed * rate()) / BACKWARDS));
      this.rewinding = setInterval(() => {
        if (this.front.seeking) return;
        if (this.frame <= 0) this.pause();
        else this.seek(this.frame - by);
      }, 1000 / BACKWARDS);
    } else {
      if (this.frame >= project.frames - 2) this.seek(0);
      this.front.playbackRate = speed;
      this.front.play().catch(() => this.pause());
    }
    this.onplay(speed);
  }

  toggle() {
    if (this.speed) this.pause();
    else this.play();
  }
}
