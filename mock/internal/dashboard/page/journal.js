// The journal as it grows, the newest exchange first, and beside it the one that was chosen.
import { follow } from "./api.js";
import { h, say } from "./dom.js";
import { showExchange } from "./exchange.js";

export async function showJournal(view, [number], signal) {
  const list = h("ol", { class: "exchanges", reversed: true, "aria-label": "Exchanges, the newest first" });
  const nothing = h("p", { class: "quiet" }, "Nothing was asked yet. Every request to the API appears here.");
  const only = h("input", { type: "search", placeholder: "auth, 400, /chains …", oninput: filter, autocomplete: "off" });
  const refusedOnly = h("input", { type: "checkbox", onchange: filter });
  const detail = h("article", { "aria-live": "off" }, h("p", { class: "quiet" }, "Choose an exchange to see why it was answered as it was."));
  const known = new Map();
  view.append(h("div", { class: "journal" },
    h("section", { "aria-label": "Journal" },
      h("div", { class: "filters" }, h("label", null, "Show only ", only), h("label", { class: "check" }, refusedOnly, " refused")),
      nothing, list),
    detail));

  function filter() {
    for (const [, { item, exchange }] of known) {
      const text = `${exchange.method} ${exchange.path} ${exchange.operation ?? ""} ${exchange.status}`.toLowerCase();
      item.hidden = !text.includes(only.value.toLowerCase()) || (refusedOnly.checked && !isRefused(exchange));
    }
  }

  let chosen = "";
  function choose(exchange) {
    chosen = String(exchange.number);
    for (const link of list.querySelectorAll("a")) link.removeAttribute("aria-current");
    known.get(chosen)?.item.querySelector("a").setAttribute("aria-current", "true");
    showExchange(detail, exchange).catch((error) => say(error.message, true));
  }

  function add(exchange) {
    nothing.hidden = true;
    const link = h("a", {
      href: `#journal/${exchange.number}`,
      onclick: (event) => {
        event.preventDefault();
        history.replaceState(null, "", `#journal/${exchange.number}`);
        choose(exchange);
        detail.scrollIntoView({ block: "nearest" });
      },
    },
    h("span", { class: isRefused(exchange) ? "status refused" : "status" }, exchange.status || "none"),
    h("span", { class: "what" }, h("strong", null, exchange.operation ?? "no operation"), h("span", null, `${exchange.method} ${exchange.path}`)),
    h("span", { class: "when" }, exchange.time.slice(11, 19)),
    marks(exchange));
    const item = h("li", { value: exchange.number }, link);
    known.set(String(exchange.number), { item, exchange });
    list.prepend(item);
    if (known.size > 500) {
      const [oldest] = known.keys();
      known.get(oldest).item.remove();
      known.delete(oldest);
    }
    filter();
    if (String(exchange.number) === number && chosen === "") choose(exchange);
  }

  follow(signal, {
    onExchange: add,
    onReset: () => {
      known.clear();
      list.replaceChildren();
      nothing.hidden = false;
    },
    onState: (connected, why) => {
      if (!connected) say(`The mock does not answer (${why}). Trying again.`, true);
      else say("");
    },
  });
}

export const isRefused = ({ status, violations }) => status === 0 || status >= 400 || violations?.length > 0;

function marks({ fault, stubbed, violations }) {
  return [fault && `fault: ${fault}`, stubbed && "stub", violations && "breaks the contract"].filter(Boolean).map((text) => h("span", { class: "mark" }, text));
}
