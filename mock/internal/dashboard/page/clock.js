// The clock of the project.
import { call } from "./api.js";
import { button, choice, field, form, h } from "./dom.js";

export async function showClock(view) {
  const shown = h("p", { class: "clock" });
  const show = ({ now, running }) => {
    shown.textContent = `${now} ${running ? "and it runs" : "and it has stopped"}`;
    return running ? "The clock runs." : "The clock has stopped.";
  };
  view.append(
    h("h2", null, "Clock"),
    h("p", null, "Nonces live 2 minutes, codes 5 minutes and access tokens 12 hours by this clock."),
    shown,
    h("p", null,
      [["1 minute", 60], ["2 minutes", 120], ["1 hour", 3600], ["12 hours", 43_200]].map(([text, seconds]) =>
        button(`Jump ${text}`, async () => show(await call("POST", "clock/advance", { seconds }))))),
    form(async ({ amount, unit }) => show(await call("POST", "clock/advance", { seconds: Number(amount) * Number(unit) })), "Jump",
      field("Jump by", "amount", { type: "number", min: 0, step: "any", required: true, value: 30 }),
      choice("of", "unit", [[1, "seconds"], [60, "minutes"], [3600, "hours"], [86_400, "days"]])),
    form(async ({ time }) => show(await call("PUT", "clock", { now: new Date(`${time}Z`).toISOString() })), "Stop it there",
      field("Stop at (UTC)", "time", { type: "datetime-local", step: 1, required: true, value: new Date().toISOString().slice(0, 19) })),
    h("p", null,
      button("Stop it now", async () => show(await call("PUT", "clock", { now: (await call("GET", "clock")).now }))),
      button("Let it run", async () => show(await call("POST", "clock/run"))),
      button("Back to the time of the machine", async () => {
        await call("POST", "reset", { parts: ["clock"] });
        return show(await call("GET", "clock"));
      })));
  show(await call("GET", "clock"));
}
