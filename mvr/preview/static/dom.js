// Builds elements. Text is only ever put in as text: nothing of a project can become markup.

export const at = (id) => document.getElementById(id);

/** An element: h("button", {class: "main", onclick}, "text", child). Properties are set, names with a dash and a few
 * others are attributes. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "list") element.setAttribute(name, value === true ? "" : value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Puts children in the place of all that an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Calls a function once before the next picture is drawn, however often it is asked for. */
export function once(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

export const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

/** A moment as 1:23.45. */
export function moment(seconds) {
  const all = Math.round(seconds * 100);
  const rest = ((all % 6000) / 100).toFixed(2).padStart(5, "0");
  return `${Math.floor(all / 6000)}:${rest}`;
}

/** A length of time as a person says it. */
export function length(seconds) {
  if (seconds === null || seconds === undefined) return "?";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

let hiding = 0;

/** Says a line at the edge of the page for some seconds. */
export function toast(text, kind = "") {
  const box = at("toast");
  box.textContent = text;
  box.className = `shown ${kind}`;
  clearTimeout(hiding);
  hiding = setTimeout(() => (box.className = ""), kind === "wrong" ? 7000 : 3500);
}
