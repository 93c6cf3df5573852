// The timeline: what is heard is painted on a canvas as wide as the window; shots and cuts are elements, to scale.

import { Cuts } from "./cuts.js";
import { at, clamp, h, once } from "./dom.js";
import { Heard } from "./heard.js";
import { STATES, file, parts, project, rate, shotAt, shots, small } from "./store.js";

const MOST = 260; // pixels a second, at most

export class Timeline {
  constructor(player) {
    this.player = player;
    this.scroll = at("scroll");
    this.strip = at("strip");
    this.head = at("head");
    this.zoom = at("zoom").querySelector("input");
    this.scale = 10; // pixels a second
    this.boxes = new Map();
    this.paint = once(() => this.painted());
    this.song = new Heard(at("paint"), this.paint);
    this.cuts = new Cuts((seconds) => this.x(seconds), (frame) => this.player.seek(frame));
    this.near = new IntersectionObserver((seen) => this.came(seen), { root: this.scroll, rootMargin: "0px 500px" });
    this.scroll.addEventListener("scroll", this.paint, { passive: true });
    this.scroll.addEventListener("pointerdown", (event) => this.pressed(event));
    this.scroll.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    this.zoom.addEventListener("input", () => this.zoomed());
    new ResizeObserver(() => this.laid()).observe(this.scroll);
  }

  /** Takes changed parts over. */
  heard(names) {
    if (!project) return;
    const anew = names.has("project");
    if (anew) {
      this.song.anew();
      this.laid();
    }
    for (const shot of shots) if (anew || names.has(`shot:${shot.id}`)) this.draw(shot);
    if (anew) this.tidy();
    if (names.has("work")) this.working();
    if (anew || [...names].some((name) => name.startsWith("shot:"))) this.paint();
  }

  get least() {
    return Math.max(1, (this.scroll.clientWidth - 1) / project.seconds);
  }

  x(seconds) {
    return seconds * this.scale;
  }

  /** The time under a pointer, in seconds. */
  time(event) {
    return (event.clientX - this.strip.getBoundingClientRect().left) / this.scale;
  }

  painted() {
    if (project) this.song.draw({ left: this.scroll.scrollLeft, width: this.scroll.clientWidth, scale: this.scale });
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
    if (shot.index > 0) this.cuts.draw(shot);
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
    this.cuts.place(shot);
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
    for (const [id, box] of this.boxes) {
      if (known.has(id)) continue;
      box.remove();
      this.near.unobserve(box);
      this.boxes.delete(id);
    }
    this.cuts.keep(new Set(project.order.slice(1)));
    const order = shots.map((shot) => this.boxes.get(shot.id));
    if (order.some((box, index) => at("shots").children[index] !== box)) at("shots").append(...order);
  }

  // the pointer

  pressed(event) {
    if (event.button !== 0 || !project) return;
    const grip = event.target.closest(".cut");
    if (!grip && event.pointerType === "touch") {
      this.tapped(event); // a finger scrolls: it seeks only where it is lifted again
      return;
    }
    event.preventDefault();
    (grip ?? this.scroll).focus({ preventScroll: true });
    this.scroll.setPointerCapture(event.pointerId);
    if (grip) this.cuts.hold(grip, event);
    const move = (one) => {
      if (grip) this.cuts.drag(one, this.time(one));
      else this.player.seek(Math.floor(this.time(one) * rate()));
    };
    const end = (one) => {
      this.scroll.removeEventListener("pointermove", move);
      this.scroll.removeEventListener("pointerup", end);
      this.scroll.removeEventListener("pointercancel", end);
      if (grip) this.cuts.drop(one);
    };
    if (!grip) move(event);
    this.scroll.addEventListener("pointermove", move);
    this.scroll.addEventListener("pointerup", end);
    this.scroll.addEventListener("pointercancel", end);
  }

  tapped(event) {
    const { clientX, clientY } = event;
    const up = (one) => {
      if (Math.hypot(one.clientX - clientX, one.clientY - clientY) < 8) {
        this.player.seek(Math.floor(this.time(one) * rate()));
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
      if (!this.player.speed && !this.cuts.held) this.reveal(shot);
    }
  }

  reveal(shot) {
    const { scrollLeft, clientWidth } = this.scroll;
    const [left, right] = [this.x(shot.start), this.x(shot.end)];
    if (right < scrollLeft + 20 || left > scrollLeft + clientWidth - 20) this.scroll.scrollLeft = left - 60;
  }
}
