// Makes elements. Text is always text: what the journal shows came from anybody.

/** An element. Properties that begin with "on" are listeners; null, false and undefined are left out. */
export function h(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A field of a form with its label. */
export function field(label, name, properties = {}) {
  return h("label", null, label, h("input", { name, autocomplete: "off", ...properties }));
}

/** A choice of a form with its label. An option is a value, or a value and a text. */
export function choice(label, name, options, properties = {}) {
  const list = options.map((option) => [option].flat()).map(([value, text = value]) => h("option", { value }, text));
  return h("label", null, label, h("select", { name, ...properties }, list));
}

/** A form that sends the fields that were filled in. What goes wrong is said. */
export function form(send, submit, ...fields) {
  return h("form", {
    onsubmit: (event) => {
      event.preventDefault();
      const given = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value !== ""));
      attempt(() => send(given, event.target));
    },
  }, fields, h("button", null, submit));
}

/** A button. What goes wrong is said. */
export function button(text, act, properties = {}) {
  return h("button", { type: "button", onclick: () => attempt(act), ...properties }, text);
}

/** A table, in a box that scrolls when the table is wider than the page. */
export function table(caption, columns, rows, nothing) {
  if (rows.length === 0) return h("p", { class: "quiet" }, nothing);
  const head = h("tr", null, columns.map((column) => h("th", { scope: "col" }, column)));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", null, h("caption", null, caption), h("thead", null, head), h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, i) => h("td", { "data-column": columns[i] }, cell)))))));
}

/** Says in the status line what happened. */
export function say(text, failed = false) {
  const line = document.getElementById("said");
  line.textContent = text;
  line.classList.toggle("failed", failed);
}

/** Runs what may fail, and says why it did. */
export async function attempt(act) {
  try {
    const said = await act();
    say(typeof said === "string" ? said : "");
  } catch (error) {
    say(error.message, true);
  }
}
