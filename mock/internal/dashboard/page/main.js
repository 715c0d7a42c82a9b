// Shows one view at a time: the one that the end of the URL names.
import { call, use } from "./api.js";
import { showClock } from "./clock.js";
import { h, say } from "./dom.js";
import { showFaults } from "./faults.js";
import { showJournal } from "./journal.js";
import { showScenarios } from "./scenarios.js";
import { showState } from "./state.js";
import { showWallets } from "./wallets.js";

const VIEWS = { journal: showJournal, state: showState, clock: showClock, faults: showFaults, wallets: showWallets, scenarios: showScenarios };
const view = document.getElementById("view");
const chooser = document.getElementById("project");
let leave = new AbortController();

/** Shows the view that the URL names: #state, or #journal/12 for an exchange. */
async function show() {
  const [name, ...rest] = location.hash.slice(1).split("/");
  const chosen = VIEWS[name] ? name : "journal";
  leave.abort();
  leave = new AbortController();
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${chosen}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  say("");
  view.replaceChildren();
  try {
    await VIEWS[chosen](view, rest, leave.signal);
  } catch (error) {
    say(error.message, true);
  }
}

async function showNow() {
  const { now, running } = await call("GET", "clock");
  document.getElementById("now").textContent = `${now.replace("T", " ").replace(/\.\d+/, "")} ${running ? "" : "(stopped)"}`;
}

async function start() {
  const projects = await call("GET", "projects");
  chooser.replaceChildren(...projects.map((project, i) => h("option", { value: project.id }, i === 0 ? "the default one" : project.id)));
  chooser.addEventListener("change", () => choose(projects));
  use(projects[0]);
  addEventListener("hashchange", show);
  setInterval(() => showNow().catch(() => {}), 1000);
  await Promise.all([show(), showNow()]);
}

function choose(projects) {
  use(projects[chooser.selectedIndex]);
  show();
  showNow();
}

start().catch((error) => say(error.message, true));
