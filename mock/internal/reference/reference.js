// Shows openapi.yaml with Swagger UI, tries it on the mock that serves this page, and marks how each fact is known.
"use strict";

// What the values of x-provenance mean, as the legend explains them.
const MEANINGS = Object.fromEntries([...document.querySelectorAll("#legend dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]));

const CONTROLS = {
  "#servers": "Server",
  ".model-box-control:has(> .model-toggle:only-child)": "Show or hide the schema",
  ".examples-select-element": "Example",
  ".body-param__text": "Request body",
  ".content-type": "Media type",
  ".copy-to-clipboard button": "Copy",
  ".close-modal": "Close",
};

const contractURL = new URL("openapi.yaml", location.href).href;
const apiURL = new URL("../api/v1", location.href).href; // of this mock, also where a proxy has it below another path

const ui = SwaggerUIBundle({
  dom_id: "#reference",
  url: contractURL,
  plugins: [{
    statePlugins: { spec: { wrapActions: { updateJsonSpec: (update) => (contract) => update(prepared(contract)) } } },
    wrapComponents: {
      OperationSummaryPath: withMark,
      ParameterIncludeEmpty: () => () => null, // what is empty is not sent
      DeepLink: (_, { React }) => ({ text }) => React.createElement("span", null, text), // a link in a button cannot be reached
    },
  }],
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  validatorUrl: null,
  defaultModelRendering: "model", // shows the properties with their marks
  defaultModelExpandDepth: 2,
  defaultModelsExpandDepth: 0,
  onComplete: () => Promise.all([fillInKey(), show(location.hash)]),
});
new MutationObserver(nameControls).observe(document.querySelector("#reference"), { childList: true, subtree: true });
addEventListener("hashchange", () => show(location.hash));

/** Fills in the key of the default project, as everybody may know it. */
async function fillInKey() {
  const [project] = await (await fetch("projects")).json();
  ui.preauthorizeBasic("apiKey", project.secretKey, "");
}

/** Opens an operation and goes there. The hash is #/operations/ and its operationId, or what Swagger UI makes of its own links. */
function show(hash) {
  const id = decodeURIComponent(hash).split("/")[2];
  const operation = ui.specSelectors.operations().map((o) => o.get("operation")).find((o) => o.get("operationId") === id);
  if (!operation) return;
  const tag = operation.getIn(["tags", 0]);
  ui.layoutActions.show(["operations-tag", tag], true);
  ui.layoutActions.show(["operations", tag, id], true);
  const block = document.querySelector(`.opblock[id$="-${CSS.escape(id)}"]`);
  block.scrollIntoView();
  block.querySelector("button").focus({ preventScroll: true });
}

/** Gives names to the controls that Swagger UI leaves without one, for those who hear the page. */
function nameControls() {
  for (const [control, name] of Object.entries(CONTROLS)) {
    for (const element of document.querySelectorAll(`${control}:not([aria-label])`)) element.setAttribute("aria-label", name);
  }
}

/** Shows how an operation is known beside its path. */
function withMark(Path, { React, specSelectors }) {
  return function PathWithMark(props) {
    const provenance = specSelectors.specJson().getIn([...props.specPath, "x-provenance"]);
    return React.createElement(React.Fragment, null, React.createElement(Path, props), React.createElement("mark", { title: titleOf(provenance) }, provenance));
  };
}

/** Returns the contract with marks in its descriptions, and with this mock as the server. */
function prepared(contract) {
  const marked = structuredClone(contract);
  marked.servers = [{ url: apiURL, description: "This mock" }];
  const operations = Object.values(marked.paths).flatMap(Object.values);
  for (const operation of operations) {
    operation.parameters = (operation.parameters ?? []).map((parameter) => structuredClone(resolve(parameter)));
    operation.parameters.forEach((parameter) => mark(parameter, parameter["x-provenance"] ?? operation["x-provenance"]));
    Object.values(operation.responses).forEach(markResponse);
    mark(operation, operation["x-provenance"], operation["x-source"]);
  }
  Object.values(marked.components.responses).forEach(markResponse);
  Object.values(marked.components.schemas).forEach((schema) => markSchema(schema, schema["x-provenance"]));
  operations.forEach(fillInForm);
  return marked;

  function markResponse(response) {
    Object.values(response.headers ?? {}).forEach((header) => mark(header, header["x-provenance"]));
    mark(response, response["x-provenance"]);
  }

  /** Marks a schema and its properties. A property that does not say how it is known is known as its schema is. */
  function markSchema(schema, provenance) {
    markProperties(schema, provenance);
    mark(schema, provenance);
    for (const [name, { by, "x-provenance": known = provenance }] of Object.entries(schema["x-superseded"] ?? {})) {
      schema.description += `\n- \`${name}\` is also read, as \`${by}\` ${badge(known)}`;
    }
  }

  function markProperties(schema, provenance) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      schema.properties[name] = property.$ref ? { allOf: [property] } : property; // nothing beside a $ref counts
      markSchema(schema.properties[name], property["x-provenance"] ?? provenance);
    }
    for (const part of [schema.items, schema.additionalProperties, ...(schema.allOf ?? [])]) {
      if (part instanceof Object) markProperties(part, provenance);
    }
  }

  /** Fills in the last example of a form. Swagger UI takes the first, and only for JSON; in a form it fills in the word string. */
  function fillInForm(operation) {
    const form = operation.requestBody?.content["application/x-www-form-urlencoded"];
    if (!form) return;
    const { value } = Object.values(form.examples).at(-1);
    form.schema = structuredClone(resolve(form.schema, marked));
    for (const [name, property] of Object.entries(form.schema.properties)) property.example = value[name] ?? (isList(property) ? [] : "");
  }

  function isList(schema) {
    return (schema.allOf ?? [schema]).some((part) => resolve(part).type === "array");
  }

  function mark(described, provenance, source = "") {
    if (provenance) described.description = `${badge(provenance)} ${source && `*${source}*\n\n`}${descriptionOf(described)}`;
  }

  function resolve(described, root = contract) {
    return described.$ref ? described.$ref.slice(2).split("/").reduce((value, name) => value[name], root) : described;
  }

  /** Returns a description, which may be that of a part. */
  function descriptionOf(described) {
    return described.description ?? (described.allOf ?? []).map((part) => descriptionOf(resolve(part))).filter(Boolean).at(-1) ?? "";
  }
}

function badge(provenance) {
  return `<mark title="${titleOf(provenance)}">${provenance}</mark>`;
}

function titleOf(provenance) {
  return `${provenance}: ${MEANINGS[provenance]}`;
}
