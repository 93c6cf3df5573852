// The panel of one shot: its words, its takes, what it is made from, and why it is as it is.

import { at, fill, h, length, moment, toast } from "./dom.js";
import { STATES, ask, change, file, parts, project, shots, small } from "./store.js";

const TOLD = { keyframe: "Still", clip: "Clip", segment: "Segment", sound: "Sound" };

export class Panel {
  constructor() {
    this.box = at("panel");
    this.id = "";
    this.open = new Set(["takes"]);
    this.takes = null;
    this.nodes = null;
    this.head = null;
    this.asked = "";
  }

  get shot() {
    return parts[`shot:${this.id}`];
  }

  /** Shows a shot, from its beginning. */
  show(id) {
    if (!id || id === this.id) return;
    this.keep();
    this.id = id;
    this.takes = this.nodes = this.head = null;
    this.build();
    this.fetchSoon();
  }

  heard(names) {
    if (!project) return;
    if (!this.shot) {
      if (shots.length && !project.order.includes(this.id)) this.show(shots[0].id);
      return;
    }
    if (names.has(`shot:${this.id}`)) {
      this.update();
      this.fetchSoon();
    } else if (names.has("work") || names.has("failed")) this.status();
  }

  // words

  build() {
    const shot = this.shot;
    if (!shot) return;
    this.prompt = this.word("prompt", "Prompt", 3);
    this.motion = this.word("motion", "Motion", 2);
    this.name = h("h2");
    this.span = h("p", { class: "span" });
    this.state = h("span", { class: "state" });
    this.live = h("progress", { max: 1, hidden: true });
    this.failure = h("div", { class: "fault", hidden: true });
    this.note = h("input", { placeholder: "A note; it changes nothing in the film", "aria-label": "Note", maxLength: 4000 });
    this.note.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.note.blur();
      if (event.key === "Escape") {
        this.note.value = this.shot?.note ?? "";
        this.note.blur();
        event.stopPropagation();
      }
    });
    this.note.addEventListener("change", () => this.told("note", { text: this.note.value }));
    this.unpin = h("button", { type: "button", onclick: () => this.told("unpin") }, "Unpin");
    this.approve = h("button", { type: "button", onclick: () => this.told("approve") }, "Approve");
    this.unmove = h("button", { type: "button", onclick: () => this.told("start", { seconds: null }) }, "Undo moved cut");
    this.takesBox = h("div", { class: "takes" });
    this.stills = h("div", { class: "stills" });
    this.nodesBox = h("div", { class: "nodes" });
    this.headBox = h("div", { class: "head" });
    fill(
      this.box,
      h("div", { class: "top" }, h("div", { class: "row" }, this.name, this.state), this.span, this.live, this.failure),
      this.prompt.box,
      this.motion.box,
      h("label", { class: "word" }, h("span", {}, "Note"), this.note),
      h(
        "div",
        { class: "acts" },
        h("button", { type: "button", title: "One more take, still and motion", onclick: () => this.told("reroll") }, "New take"),
        h("button", { type: "button", title: "One more take of the motion alone", onclick: () => this.told("reroll", { motion: true }) }, "New motion"),
        this.approve,
        this.unpin,
        this.unmove,
      ),
      this.fold("takes", "Takes", this.takesBox),
      this.fold("stills", "Still and cast", this.stills),
      this.fold("nodes", "Why it is as it is", this.nodesBox),
      this.fold("head", "Against git's HEAD", this.headBox),
    );
    this.box.scrollTop = 0;
    this.update();
  }

  fold(name, title, body) {
    const details = h("details", { open: this.open.has(name) }, h("summary", {}, title), body);
    details.addEventListener("toggle", () => {
      if (details.open) this.open.add(name);
      else this.open.delete(name);
      this.fetchSoon();
    });
    return details;
  }

  /** A text that can be edited, and is written when it is left or with ctrl and enter. */
  word(field, title, rows) {
    const area = h("textarea", { rows, spellcheck: true, "aria-label": title, maxLength: 4000, data: { field } });
    const save = h("button", { type: "button", class: "main", hidden: true }, "Save");
    const back = h("button", { type: "button", class: "quiet", hidden: true, title: "Take your words out: the writer's stand again" }, "Back to the writer's");
    const word = { area, save, back, field, known: "" };
    const grow = () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    word.grow = grow;
    area.addEventListener("input", () => {
      grow();
      save.hidden = area.value.trim() === word.known;
    });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.write(word);
      } else if (event.key === "Escape") {
        area.value = word.known;
        save.hidden = true;
        grow();
        area.blur();
        event.stopPropagation();
      }
    });
    save.addEventListener("click", () => this.write(word));
    back.addEventListener("click", () => this.told("word", { field, text: "" }));
    word.box = h(
      "div",
      { class: "word" },
      h("div", { class: "row" }, h("span", {}, title), back, h("span", { class: "keys" }, save)),
      area,
    );
    return word;
  }

  async write(word) {
    const text = word.area.value.trim();
    if (text === word.known) return;
    const before = word.known;
    word.known = text;
    word.save.hidden = true;
    if (!(await this.told("word", { field: word.field, text }))) {
      word.known = before;
      word.save.hidden = false;
    }
  }

  /** Writes what was typed and not yet saved, before another shot is shown. */
  keep() {
    for (const word of [this.prompt, this.motion]) {
      if (word && this.shot && word.area.value.trim() !== word.known) this.write(word);
    }
  }

  async told(verb, about = {}) {
    try {
      const answer = await change(verb, { shot: this.id, ...about });
      if (answer.said) toast(answer.said);
      return true;
    } catch (error) {
      toast(error.message, "wrong");
      return false;
    }
  }

  // what changes by itself

  update() {
    const shot = this.shot;
    if (!shot || !this.name) return;
    this.name.textContent = shot.id;
    const frames = shot.end_frame - shot.first_frame;
    this.span.textContent = `${moment(shot.start)} to ${moment(shot.end)}, ${frames} frames, ${shot.purpose}`;
    for (const word of [this.prompt, this.motion]) {
      const value = shot[word.field];
      if (word.area.value.trim() === word.known || document.activeElement !== word.area) {
        if (word.area.value.trim() === word.known) word.area.value = value;
        word.known = value;
        word.save.hidden = word.area.value.trim() === value;
        requestAnimationFrame(word.grow);
      }
      word.back.hidden = !shot.own.includes(word.field);
    }
    if (document.activeElement !== this.note) this.note.value = shot.note;
    this.unpin.hidden = !shot.pin;
    this.approve.hidden = !shot.unapproved;
    this.unmove.hidden = !shot.own.includes("first_frame") || shot.index === 0;
    const pictures = [shot.still && ["still", shot.still], ...shot.portraits].filter(Boolean);
    fill(
      this.stills,
      pictures.length
        ? pictures.map(([name, digest]) =>
            h("a", { href: file(digest), target: "_blank", rel: "noopener" }, h("img", { src: small(digest), alt: name, loading: "lazy" }), h("span", {}, name)),
          )
        : h("p", { class: "dim" }, "No still: the animator needs none, or it is not made yet."),
    );
    this.status();
  }

  status() {
    const shot = this.shot;
    if (!shot || !this.state) return;
    const own = `${shot.id}/`;
    const work = Object.entries(parts.work ?? {}).filter(([node]) => node.startsWith(own) && !node.endsWith("@draft"));
    this.state.dataset.state = shot.state;
    const [node, one] = work[0] ?? [];
    this.state.textContent = one ? `${TOLD[node.slice(own.length)]?.toLowerCase() ?? "take"} ${Math.round(one.fraction * 100)}%` : STATES[shot.state] ?? shot.state;
    this.live.hidden = !one;
    if (one) this.live.value = one.fraction;
    const failed = (parts.failed ?? []).find((row) => row.node.startsWith(own));
    this.failure.hidden = !failed;
    if (failed) fill(this.failure, h("b", {}, failed.node), h("p", {}, failed.what), failed.hint && h("p", { class: "hint" }, failed.hint));
  }

  // what must be asked for

  fetchSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.fetch(), 350);
  }

  async fetch() {
    const id = this.id;
    for (const [name, draw] of [["takes", "drawTakes"], ["nodes", "drawNodes"], ["head", "drawHead"]]) {
      if (!this.open.has(name) || this.id !== id) continue;
      try {
        const found = await ask(name, { shot: id });
        if (this.id === id) this[draw](found);
      } catch (error) {
        const box = { takes: this.takesBox, nodes: this.nodesBox, head: this.headBox }[name];
        if (this.id === id) fill(box, h("p", { class: "dim" }, error.message));
      }
    }
  }

  drawTakes(found) {
    const told = JSON.stringify(found);
    if (told === this.takes) return;
    this.takes = told;
    const rows = found.takes.map((row) => {
      const stands = found.pin ? row.key?.startsWith(found.pin) : row.chosen;
      const number = row.take === null ? null : typeof row.take === "number" ? `${row.take}` : null;
      const name = row.take === null ? `Earlier, ${row.key}` : number ? `Take ${number}` : `Take ${row.take.still}, motion ${row.take.motion}`;
      const video = row.clip
        ? h("video", { src: `${file(row.clip)}`, muted: true, loop: true, playsInline: true, preload: "auto", "aria-label": name })
        : h("div", { class: "absent" }, row.state === "fresh" ? "not here" : "not made yet");
      const wanted = row.take === null ? row.key : (number ?? (row.take.still === this.shot?.take?.still || row.take.still === this.shot?.take ? `m${row.take.motion}` : null));
      return h(
        "figure",
        { class: stands ? "stands" : "" },
        video,
        h("figcaption", {}, h("b", {}, name), row.words ? h("span", { title: row.words }, row.words) : null),
        stands
          ? h("span", { class: "chosen" }, "in the film")
          : h("button", { type: "button", disabled: !wanted || (!row.clip && row.take === null), data: { take: wanted ?? "" }, onclick: () => this.told("take", { take: wanted }) }, "Use"),
      );
    });
    const videos = () => [...this.takesBox.querySelectorAll("video")];
    const together = h("button", { type: "button", onclick: () => this.together(videos()) }, "Play side by side");
    fill(this.takesBox, found.takes.length > 1 ? together : null, h("div", { class: "grid" }, rows));
  }

  /** Plays all takes in step: each is put where the first is whenever it is more than a frame away. */
  together(videos) {
    clearInterval(this.beat);
    const [first, ...others] = videos;
    if (!first) return;
    if (!first.paused) {
      for (const video of videos) video.pause();
      return;
    }
    for (const video of videos) {
      video.currentTime = 0;
      video.play().catch(() => {});
    }
    this.beat = setInterval(() => {
      if (first.paused || !first.isConnected) clearInterval(this.beat);
      for (const other of others) if (Math.abs(other.currentTime - first.currentTime) > 0.045) other.currentTime = first.currentTime;
    }, 250);
  }

  drawNodes(found) {
    fill(
      this.nodesBox,
      found.nodes.map((row) =>
        h(
          "div",
          { class: "node" },
          h(
            "div",
            { class: "row" },
            h("b", {}, TOLD[row.stage] ?? row.stage),
            h("span", { class: "state", data: { state: row.state } }, row.state),
            row.seconds !== null ? h("span", { class: "dim" }, length(row.seconds)) : null,
            row.key ? h("code", { title: "its key" }, row.key) : null,
          ),
          row.why.length ? h("div", { class: "why" }, row.why.join("\n")) : null,
          row.state === "fresh" && !row.why.length ? h("div", { class: "why" }, "unchanged since the last finished film") : null,
          provenance(row),
        ),
      ),
    );
  }

  drawHead(found) {
    const moved = found.moved;
    const words = found.words.map((word) =>
      h("div", { class: "node" }, h("b", {}, word.field), h("del", {}, text(word.was)), h("ins", {}, text(word.now))),
    );
    fill(
      this.headBox,
      found.new ? h("p", {}, `New since ${found.commit}.`) : null,
      moved ? h("p", {}, `Was ${moment(moved.was[0])} to ${moment(moved.was[1])}, is ${moment(moved.now[0])} to ${moment(moved.now[1])}.`) : null,
      words,
      !found.new && !moved && !words.length ? h("p", { class: "dim" }, `As it was at ${found.commit}.`) : null,
    );
  }
}

const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** Who made it, and with what. */
function provenance(row) {
  const all = { ...(row.provenance ?? {}) };
  const recipe = row.recipe ?? {};
  for (const name of ["painter", "animator", "sketch", "seed", "size", "frames"]) if (name in recipe) all[name] = recipe[name];
  const rows = Object.entries(all).filter(([, value]) => value !== null && value !== false);
  if (!rows.length) return null;
  return h("dl", {}, rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, text(value))]));
}
