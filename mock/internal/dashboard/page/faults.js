// Faults, stubs, and answers that are asked for.
import { call, callAPI } from "./api.js";
import { button, choice, field, form, h, table } from "./dom.js";

const KINDS = [
  ["delay", "delay: nothing but the wait"], ["status", "status: an error"], ["reset", "reset: the connection is reset"],
  ["empty", "empty: the connection is closed"], ["truncate", "truncate: half a body"], ["malformed", "malformed: not JSON"],
  ["contentType", "contentType: an HTML page"], ["drip", "drip: byte by byte"],
];

export async function showFaults(view) {
  const operations = await call("GET", "operations");
  const names = operations.map(({ operationId }) => operationId);
  const faults = h("div"), stubs = h("div"), answer = h("div", { role: "status" });
  const draw = async () => {
    faults.replaceChildren(table("Faults, in the order in which they are tried", ["Operation", "Kind", "Requests", "Chance", "Delay", "Status"],
      (await call("GET", "faults")).map((f) => [f.operation ?? "every one", f.kind ?? "delay", f.count || "all", f.probability || 1, f.delayMs ? `${f.delayMs} ms` : "", f.status ?? ""]), "No faults are set."));
    stubs.replaceChildren(table("Stubs, in the order in which they are tried", ["Operation", "Status", "Requests", "Body"],
      (await call("GET", "stubs")).map((s) => [s.operation, s.status, s.count || "all", s.body ?? ""]), "No stubs are set."));
  };
  view.append(
    h("h2", null, "Faults"), faults,
    form(async (given) => {
      await call("POST", "faults", {
        ...given, ...numbers(given, ["count", "probability", "delayMs", "status", "intervalMs"]), ...(given.performed && { performed: true }),
      });
      await draw();
      return "The fault is set.";
    }, "Set the fault",
    choice("Operation", "operation", [["", "every one"], ...names]),
    choice("Kind", "kind", KINDS),
    field("Requests (empty for all)", "count", { type: "number", min: 1 }),
    field("Chance", "probability", { type: "number", min: 0, max: 1, step: "any", placeholder: "1" }),
    field("Delay in ms", "delayMs", { type: "number", min: 0, step: "any" }),
    field("Status, for the kind status", "status", { type: "number", min: 400, max: 599, placeholder: "503" }),
    field("Retry-After, for the kind status", "retryAfter"),
    field("Wait after each byte in ms, for the kind drip", "intervalMs", { type: "number", min: 0, step: "any" }),
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "performed", value: "yes" }), " the operation takes place all the same")),
    h("p", null, button("Remove all faults", async () => {
      await call("DELETE", "faults");
      await draw();
      return "There are no faults.";
    })),
    h("h2", null, "Stubs"), stubs,
    form(async (given) => {
      await call("POST", "stubs", {
        operation: given.operation, ...numbers(given, ["status", "count"]),
        ...(given.body && { body: JSON.parse(given.body) }), ...(given.breaksContract && { breaksContract: true }),
      });
      await draw();
      return "The stub is set.";
    }, "Set the stub",
    choice("Operation", "operation", names),
    field("Status", "status", { type: "number", min: 200, max: 599, required: true, value: 200 }),
    field("Requests (empty for all)", "count", { type: "number", min: 1 }),
    h("label", null, "Body, as JSON", h("textarea", { name: "body", rows: 4, spellcheck: "false" })),
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "breaksContract", value: "yes" }), " it may break the contract")),
    h("p", null, button("Remove all stubs", async () => {
      await call("DELETE", "stubs");
      await draw();
      return "There are no stubs.";
    })),
    h("h2", null, "Ask for an answer"),
    h("p", null, "A client gets an example of any answer with the header ", h("code", null, "Prefer: code=404"), ", without a fault for others."),
    form(async ({ operation, code, example }) => {
      const { method, path, body } = operations.find(({ operationId }) => operationId === operation);
      const prefer = `code=${code}${example ? `, example=${example}` : ""}`;
      const { status, text } = await callAPI(method, path, { Prefer: prefer, ...(body && { "Content-Type": "application/json" }) }, body && JSON.stringify(body));
      answer.replaceChildren(h("p", null, `Prefer: ${prefer} is answered with ${status}`), h("pre", { tabindex: "0" }, text || "no body"));
    }, "Ask",
    choice("Operation", "operation", names),
    field("Status", "code", { type: "number", min: 100, max: 599, required: true, value: 200 }),
    field("Name of the example", "example")),
    answer);
  await draw();
}

const numbers = (given, names) => Object.fromEntries(names.filter((name) => name in given).map((name) => [name, Number(given[name])]));
