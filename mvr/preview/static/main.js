// The page: puts its parts together, and gives each key its meaning.

import { at, fill, h, length, moment, toast } from "./dom.js";
import { Panel } from "./panel.js";
import { Player } from "./player.js";
import { Review, Sheet } from "./review.js";
import { ask, change, connect, listen, parts, project, rate, shotAt, shots } from "./store.js";
import { Timeline } from "./timeline.js";

const player = new Player();
const timeline = new Timeline(player);
const panel = new Panel();
const review = new Review(player, () => view("film"));
const sheet = new Sheet((shot) => {
  player.seek(shot.first_frame);
  view("film");
});
let looked = "";
let here = false;

// what comes from the server

listen((names) => {
  if (names.has("project") && project) {
    document.title = project.title;
    at("title").textContent = project.title;
    at("title").title = `${project.file}, ${project.size.join(" × ")}, ${project.fps} frames a second`;
    const [width, height] = project.size;
    document.documentElement.style.setProperty("--shape", `${width} / ${height}`);
    document.documentElement.style.setProperty("--ratio", `${width / height}`);
    document.documentElement.style.setProperty("--card", `${Math.round(Math.min(240, Math.max(110, 130 * Math.sqrt(width / height) * 1.2)))}px`);
  }
  timeline.heard(names);
  if (names.has("film")) filmed();
  if (names.has("project") && shots.length && !panel.id) panel.show(shots[shotAt(player.frame)].id);
  panel.heard(names);
  sheet.heard(names);
  review.heard();
  if (names.has("fault") || names.has("failed")) faults();
  if (names.has("queue") || names.has("wishes") || names.has("failed") || names.has("work")) standing();
  if (names.has("project")) moved(player.frame);
});

function filmed() {
  const film = parts.film;
  at("none").hidden = Boolean(film);
  const words = !film ? "" : film.stale ? "being made anew" : film.kind === "draft" ? "draft" : "";
  at("kind").textContent = words || at("kind").textContent;
  at("kind").className = words ? "shown" : "";
  if (film) player.show(film.digest);
}

function faults() {
  const rows = [];
  const fault = parts.fault;
  if (fault) {
    const told = fault.faults.length ? fault.faults : [{ found: fault.text }];
    for (const one of told.slice(0, 4)) {
      const place = one.line ? `${one.file}:${one.line}:${one.column}` : (one.file ?? project?.file ?? "");
      const wants = one.expected ? `; expected ${one.expected}` : "";
      rows.push(h("div", { class: "fault" }, h("b", {}, [place, one.path].filter(Boolean).join("  ")), h("p", {}, `${one.found}${wants}`), one.hint ? h("p", { class: "hint" }, one.hint) : null));
    }
    if (told.length > 4) rows.push(h("div", { class: "fault" }, `and ${told.length - 4} more`));
  }
  for (const one of (parts.failed ?? []).slice(0, 3)) {
    rows.push(h("div", { class: "fault" }, h("b", {}, one.node), h("p", {}, one.what), one.hint ? h("p", { class: "hint" }, one.hint) : null));
  }
  fill(at("faults"), rows);
}

function standing() {
  const queue = parts.queue;
  const auto = parts.wishes?.auto ?? true;
  for (const button of at("mode").children) {
    const on = (button.dataset.auto === "true") === auto;
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
  }
  const stale = shots.filter((shot) => !["fresh", "pinned"].includes(shot.state)).length;
  at("render").disabled = auto || !stale || !here;
  const failed = (parts.failed ?? []).length;
  let [kind, words] = ["idle", "all made"];
  if (!here) [kind, words] = ["away", "the watch has ended"];
  else if (!queue) [kind, words] = ["away", "connecting"];
  else if (!queue.idle && !project) [kind, words] = ["busy", "listening to the song"];
  else if (!queue.idle && queue.left) {
    const about = queue.seconds ? `, about ${length(queue.seconds)}` : "";
    [kind, words] = ["busy", `${queue.left} to make${about}`];
  } else if (failed) [kind, words] = ["failed", `${failed} failed`];
  else if (stale && !auto) [kind, words] = ["waits", `${stale} of ${shots.length} shots wait`];
  at("queue").firstElementChild.className = `dot ${kind}`;
  at("queue").lastElementChild.textContent = words;
  if (at("dialog").open && at("dialog").dataset.what === "queue") queueBody();
}

// the film's moment

function moved(frame) {
  if (!project) return;
  at("clock").textContent = moment(frame / rate());
  at("count").textContent = `frame ${frame}`;
  timeline.moved(frame);
  const shot = shots[shotAt(frame)];
  if (!shot || shot.id === looked) return;
  looked = shot.id;
  sheet.mark(shot.id);
  clearTimeout(moved.waiting);
  moved.waiting = setTimeout(() => change("wish", { look: shot.id }).catch(() => {}), 400);
  clearTimeout(moved.panel);
  if (player.speed) moved.panel = setTimeout(() => panel.show(looked), 120);
  else panel.show(shot.id);
}

player.onmove = moved;
player.onplay = (speed) => {
  document.body.classList.toggle("playing", speed !== 0);
  at("play").setAttribute("aria-label", speed ? "Pause" : "Play");
  at("speed").textContent = speed === 0 || speed === 1 ? "" : `${speed}×`;
};

function jump(by) {
  const index = shotAt(player.last ?? 0);
  const inside = (player.last ?? 0) - (shots[index]?.first_frame ?? 0);
  const wanted = by < 0 && inside > rate() * 0.6 ? index : index + by;
  const shot = shots[Math.min(shots.length - 1, Math.max(0, wanted))];
  if (!shot) return;
  player.seek(shot.first_frame);
  timeline.reveal(shot);
}

// views

function view(name) {
  const was = review.on;
  if (name === "review" && !project) return;
  for (const button of at("views").children) button.setAttribute("aria-pressed", String(button.dataset.view === name));
  at("stage").hidden = name === "sheet";
  sheet.show(name === "sheet");
  sheet.mark(looked);
  if (name === "review" && !was) review.start();
  if (name !== "review" && was) review.stop();
}

at("views").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) view(button.dataset.view);
});
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement && review.on && review.full) view("film");
  review.full = Boolean(document.fullscreenElement);
});

// commands

async function wish(about) {
  try {
    await change("wish", about);
  } catch (error) {
    toast(error.message, "wrong");
  }
}

async function undo() {
  try {
    toast((await change("undo")).said);
  } catch (error) {
    toast(error.message, "wrong");
  }
}

at("mode").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) wish({ auto: button.dataset.auto === "true" });
});
at("mode").addEventListener("keydown", (event) => {
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  event.stopPropagation();
  const auto = !(parts.wishes?.auto ?? true);
  wish({ auto });
  [...at("mode").children].find((button) => (button.dataset.auto === "true") === auto).focus();
});
at("render").addEventListener("click", () => wish({ once: true }));
at("undo").addEventListener("click", undo);
at("play").addEventListener("click", () => player.toggle());
at("back").addEventListener("click", () => jump(-1));
at("on").addEventListener("click", () => jump(1));
at("frame").addEventListener("click", () => player.toggle());
at("keys").addEventListener("click", keys);
at("queue").addEventListener("click", queued);

// dialogs

function shown(what, title, body) {
  const dialog = at("dialog");
  dialog.dataset.what = what;
  fill(dialog, h("header", {}, h("h2", {}, title), h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close")), body);
  if (!dialog.open) dialog.showModal();
}

at("dialog").addEventListener("click", (event) => event.target === at("dialog") && at("dialog").close());

async function queued() {
  const body = h("div", { class: "body" }, h("div", { id: "lanes" }), h("div", { id: "plan" }, h("p", { class: "why" }, "reading the plan")));
  shown("queue", "What is made, and what is left", body);
  queueBody();
  try {
    planned(await ask("plan"));
  } catch (error) {
    fill(at("plan"), h("p", {}, error.message));
  }
}

function queueBody() {
  const lanes = at("lanes");
  if (!lanes) return;
  const work = Object.entries(parts.work ?? {});
  const rows = Object.entries(parts.queue?.lanes ?? {});
  fill(
    lanes,
    h("h3", {}, "At work"),
    work.length
      ? h("table", {}, work.map(([node, one]) => h("tr", {}, h("td", {}, node), h("td", {}, one.lane), h("td", {}, h("progress", { max: 1, value: one.fraction, "aria-label": node })))))
      : h("p", { class: "why" }, here ? "Nothing: it waits for the next save." : "The watch has ended."),
    rows.length ? h("h3", {}, "Left, by lane") : null,
    rows.length ? h("table", {}, rows.map(([lane, row]) => h("tr", {}, h("td", {}, lane), h("td", { class: "number" }, `${row.left}`), h("td", { class: "number" }, row.seconds === null ? "never timed here" : `about ${length(row.seconds)}`)))) : null,
  );
}

function planned(plan) {
  const box = at("plan");
  if (!box) return;
  const total = plan.rows.reduce((sum, row) => sum + (row.seconds ?? 0), 0);
  fill(
    box,
    plan.gpus.length ? h("h3", {}, "GPU") : null,
    plan.gpus.map((gpu) => h("p", {}, gpu)),
    h("h3", {}, plan.rows.length ? `The plan: ${plan.rows.length} to make${total >= 1 ? `, about ${length(total)} of work` : ""}` : "The plan: nothing to make, the film stands"),
    h(
      "table",
      {},
      plan.rows.map((row) =>
        h("tr", {}, h("td", {}, row.name, row.why.length ? h("div", { class: "why" }, row.why.join("\n")) : null), h("td", { class: "number" }, row.lane), h("td", { class: "number" }, row.seconds === null ? "" : length(row.seconds))),
      ),
    ),
  );
}

function keys() {
  const rows = [
    ["space", "play, pause"],
    ["j k l", "backwards, pause, play; again for faster"],
    ["← →", "one frame; with shift, one second"],
    ["[ ]", "from shot to shot"],
    ["home end", "the film's ends"],
    ["+ −", "zoom the timeline; or ctrl and the wheel"],
    ["e", "edit the prompt; ctrl and enter saves it"],
    ["g r f", "sheet, review, film"],
    ["y n m", "in review: good, again, note"],
    ["z", "take the last change back"],
    ["drag a cut", "to a beat; with shift, to any frame; or focus it and use ← →"],
  ];
  shown("keys", "Keys", h("div", { class: "body" }, h("table", {}, rows.map(([key, what]) => h("tr", {}, h("td", {}, key.split(" ").length < 4 && !key.includes("drag") ? key.split(" ").map((one) => [h("kbd", {}, one), " "]).flat() : key), h("td", {}, what))))));
}

const KEYS = {
  " ": () => player.toggle(),
  k: () => player.pause(),
  l: () => player.play(player.speed > 0 ? Math.min(4, player.speed * 2) : 1),
  j: () => player.play(player.speed < 0 ? Math.max(-4, player.speed * 2) : -1),
  ArrowLeft: (event) => player.step(event.shiftKey ? -Math.round(rate()) : -1),
  ArrowRight: (event) => player.step(event.shiftKey ? Math.round(rate()) : 1),
  "[": () => jump(-1),
  "]": () => jump(1),
  Home: () => player.seek(0),
  End: () => player.seek(project.frames - 1),
  "+": () => timeline.closer(8),
  "=": () => timeline.closer(8),
  "-": () => timeline.closer(-8),
  g: () => view("sheet"),
  r: () => view("review"),
  f: () => view("film"),
  e: () => panel.prompt?.area.focus(),
  z: undo,
  "?": keys,
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !project) return;
  if (event.target.matches("textarea, input:not([type=range]), select") || at("dialog").open) return;
  if (event.key === " " && event.target.matches("button, summary, a")) return;
  if (review.on && review.key(event)) {
    event.preventDefault();
    return;
  }
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act(event);
});

window.addEventListener("beforeunload", () => panel.keep());

connect((there) => {
  if (there && !here && looked) setTimeout(() => wish({ look: looked }), 0);
  here = there;
  document.body.classList.toggle("away", !there);
  standing();
});
