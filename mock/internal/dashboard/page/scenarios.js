// Export, import and scenarios.
import { call } from "./api.js";
import { attempt, button, field, form, h, table } from "./dom.js";

export async function showScenarios(view) {
  const list = h("div");
  const draw = async (said) => {
    const scenarios = await call("GET", "scenarios");
    list.replaceChildren(table("Scenarios", ["Name", ""], scenarios.map(({ name }) => [name, [
      button("Load", async () => {
        await call("POST", `scenarios/${encodeURIComponent(name)}/load`);
        return `${name} is loaded.`;
      }),
      button("Delete", async () => {
        await call("DELETE", `scenarios/${encodeURIComponent(name)}`);
        return draw(`${name} is deleted.`);
      }),
    ]]), "No state was saved under a name."));
    return said;
  };
  view.append(
    h("h2", null, "Export and import"),
    h("p", null, "The document has the whole state of the project, with its keys and the keys of the test wallets. Attach it to a report on a test that failed, or load it in another mock."),
    h("p", null, button("Export", async () => {
      const text = JSON.stringify(await call("GET", "state"), null, 2);
      const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      h("a", { href: url, download: "picket-state.json" }).click();
      URL.revokeObjectURL(url);
      return "The state is in picket-state.json.";
    })),
    h("form", {
      onchange: async (event) => {
        const { target } = event;
        const [file] = target.files;
        await attempt(async () => {
          await call("PUT", "state", JSON.parse(await file.text()));
          return `The project is as ${file.name} says.`;
        });
        target.value = "";
      },
    }, field("Import", "file", { type: "file", accept: "application/json,.json" })),
    h("h2", null, "Scenarios"), list,
    form(async ({ name }) => {
      await call("PUT", `scenarios/${encodeURIComponent(name)}`);
      return draw(`${name} is saved.`);
    }, "Save this state", field("Name", "name", { required: true, pattern: "[A-Za-z0-9._\\-]+", placeholder: "logged-in" })));
  await draw();
}
