// An exchange with all that is known of it.
import { call } from "./api.js";
import { curl } from "./curl.js";
import { button, h } from "./dom.js";
import { explanation } from "./explanation.js";

export async function showExchange(place, exchange) {
  const why = await call("GET", `journal/${exchange.number}/explanation`);
  place.replaceChildren(h("div", null,
    h("h2", null, `${exchange.number}. ${exchange.operation ?? "no operation"} `, h("span", { class: why.refused ? "status refused" : "status" }, exchange.status || "no answer")),
    h("p", { class: "path" }, `${exchange.method} ${exchange.path}`),
    why.refused && explanation(why),
    violations(exchange),
    body("Request", exchange.requestBody),
    body("Response", exchange.responseBody),
    h("p", null, button("Copy as curl", () => copy(curl(exchange))))));
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  return "Copied. The key is $PICKET_API_KEY, and values that were secret have to be filled in.";
}

/** How the exchange broke the contract, with a link to the place. */
function violations({ violations, operation }) {
  if (!violations) return null;
  return h("section", null,
    h("h3", null, "How it broke the contract"),
    h("ul", null, violations.map((text) => h("li", null, text))),
    operation && h("p", null, h("a", { href: `reference#/operations/${operation}` }, `See ${operation} in the contract`)));
}

function body(title, text) {
  if (!text) return null;
  return h("section", null, h("h3", null, title), h("pre", { tabindex: "0" }, pretty(text)));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // a description of a body that is not JSON
  }
}
