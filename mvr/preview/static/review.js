// The other two ways to look: all shots on one sheet, and one after the other over the whole screen.

import { at, fill, h, toast } from "./dom.js";
import { STATES, change, parts, project, shotAt, shots, small } from "./store.js";

export class Sheet {
  constructor(go) {
    this.box = at("sheet");
    this.go = go;
    this.cards = new Map();
  }

  heard(names) {
    if (!project || this.box.hidden) return;
    for (const shot of shots) {
      if (!names.has("project") && !names.has(`shot:${shot.id}`) && this.cards.has(shot.id)) continue;
      let card = this.cards.get(shot.id);
      if (!card) {
        card = h(
          "button",
          { type: "button", class: "card", data: { card: shot.id }, onclick: () => this.go(card.shot) },
          h("div", { class: "picture" }),
          h("b"),
          h("span", { class: "state" }),
          h("p"),
        );
        this.cards.set(shot.id, card);
      }
      card.shot = shot;
      const wanted = shot.picture ? `url("${small(shot.picture)}")` : "";
      const picture = card.querySelector(".picture");
      if (wanted && picture.style.backgroundImage !== wanted) picture.style.backgroundImage = wanted;
      card.querySelector("b").textContent = shot.id;
      const state = card.querySelector(".state");
      state.dataset.state = shot.state;
      state.textContent = STATES[shot.state] ?? shot.state;
      card.querySelector("p").textContent = shot.note ? `✎ ${shot.note}` : shot.prompt;
    }
    if (names.has("project") || this.box.children.length !== shots.length) {
      fill(this.box, shots.map((shot) => this.cards.get(shot.id)));
      for (const id of [...this.cards.keys()]) if (!project.order.includes(id)) this.cards.delete(id);
    }
  }

  show(shown) {
    this.box.hidden = !shown;
    if (shown) this.heard(new Set(["project"]));
  }

  mark(id) {
    if (this.box.hidden) return;
    for (const [one, card] of this.cards) card.toggleAttribute("aria-current", one === id);
  }
}

export class Review {
  constructor(player, leave) {
    this.player = player;
    this.leave = leave;
    this.on = false;
    this.said = new Map();
  }

  start() {
    this.on = true;
    this.said.clear();
    document.body.classList.add("review");
    this.name = h("b");
    this.state = h("span", { class: "state" });
    this.far = h("span", { class: "far" });
    this.words = h("p");
    this.note = h("input", { placeholder: "Note: enter keeps it and goes on", "aria-label": "Note", maxLength: 4000 });
    this.note.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.noted();
      if (event.key === "Escape") this.note.blur();
    });
    const act = (text, title, run, kind = "") => h("button", { type: "button", title, class: kind, onclick: run }, text);
    fill(
      at("caption"),
      h(
        "div",
        { class: "review" },
        h("div", { class: "line" }, this.name, this.state, this.far),
        this.words,
        h(
          "div",
          { class: "line" },
          act("Good (y)", "Go on to the next shot", () => this.good(), "main"),
          act("Again (n)", "Ask for another take, and go on", () => this.again()),
          this.note,
          act("Leave (esc)", "Back to the film", () => this.leave()),
        ),
      ),
    );
    this.go(shotAt(this.player.frame));
    document.documentElement.requestFullscreen?.().catch(() => {});
  }

  stop() {
    this.on = false;
    document.body.classList.remove("review");
    this.player.loop = null;
    this.player.pause();
    fill(at("caption"));
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  }

  go(index) {
    if (index >= shots.length) {
      toast(this.summed());
      this.leave();
      return;
    }
    this.index = Math.max(0, index);
    const shot = shots[this.index];
    this.player.loop = [shot.first_frame, shot.end_frame];
    this.player.seek(shot.first_frame);
    this.player.play();
    this.note.blur();
    this.note.value = shot.note;
    this.heard();
  }

  heard() {
    if (!this.on) return;
    const shot = shots[this.index];
    if (!shot) return;
    this.player.loop = [shot.first_frame, shot.end_frame];
    this.name.textContent = shot.id;
    this.state.dataset.state = shot.state;
    this.state.textContent = STATES[shot.state] ?? shot.state;
    this.far.textContent = `${this.index + 1} of ${shots.length}`;
    this.words.textContent = shot.prompt;
  }

  async told(verb, about) {
    try {
      const answer = await change(verb, about);
      toast(answer.said);
    } catch (error) {
      toast(error.message, "wrong");
    }
  }

  /** What was said of the shots, in one line. */
  summed() {
    const count = (word) => [...this.said.values()].filter((one) => one === word).length;
    const rows = ["good", "again", "noted"].map((word) => [count(word), word]).filter(([many]) => many);
    return `That was the last shot. ${rows.map(([many, word]) => `${many} ${word}`).join(", ") || "Nothing said"}.`;
  }

  good() {
    const shot = shots[this.index];
    this.said.set(shot.id, "good");
    if (shot.unapproved) this.told("approve", { shot: shot.id });
    this.go(this.index + 1);
  }

  again() {
    const shot = shots[this.index];
    this.said.set(shot.id, "again");
    this.told("reroll", { shot: shot.id });
    this.go(this.index + 1);
  }

  noted() {
    const shot = shots[this.index];
    if (this.note.value.trim() !== shot.note) {
      this.said.set(shot.id, "noted");
      this.told("note", { shot: shot.id, text: this.note.value });
    }
    this.go(this.index + 1);
  }

  /** True where a key meant something here. */
  key(event) {
    const acts = {
      y: () => this.good(),
      n: () => this.again(),
      m: () => this.note.focus(),
      "[": () => this.go(this.index - 1),
      "]": () => this.go(this.index + 1),
      Escape: () => this.leave(),
    };
    if (!acts[event.key]) return false;
    acts[event.key]();
    return true;
  }
}
