// Shows openapi.yaml with Swagger UI, tries it on the mock that serves this page, and marks how each fact is known.
"use strict";

// What the values of x-provenance mean, as the legend explains them.
const MEANINGS = Object.fromEntries([...document.querySelectorAll("#legend dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]));

const contractURL = new URL("openapi.yaml", location.href).href;
const apiURL = new URL("../api/v1", location.href).href; // of this mock, also where a proxy has it below another path

const ui = SwaggerUIBundle({
  dom_id: "#reference",
  url: contractURL,
  plugins: [{
    statePlugins: { spec: { wrapActions: { updateJsonSpec: (update) => (contract) => update(prepared(contract)) } } },
    wrapComponents: { OperationSummaryPath: withMark },
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
addEventListener("hashchange", () => show(location.hash));

/** Fills in the key of the default project, as everybody may know it. */
async function fillInKey() {
  const [project] = await (await fetch("projects")).json();
  ui.preauthorizeBasic("apiKey", project.secretKey, "");
}

/** Opens the operation of a link such as #/operations/nonce, which has its operationId. */
function show(hash) {
  const [, id] = /^#\/operations\/([^/]+)$/.exec(hash) ?? [];
  if (!id) return;
  const operation = ui.specSelectors.operations().map((o) => o.get("operation")).find((o) => o.get("operationId") === decodeURIComponent(id));
  if (operation) ui.layoutActions.parseDeepLinkHash(`#/${operation.getIn(["tags", 0])}/${operation.get("operationId")}`);
}

/** Shows how an operation is known beside its path. */
function withMark(Path, { React }) {
  return function PathWithMark(props) {
    const provenance = props.operationProps.getIn(["op", "x-provenance"]);
    return React.createElement(React.Fragment, null, React.createElement(Path, props), React.createElement("mark", { title: titleOf(provenance) }, provenance));
  };
}

/** Returns the contract with marks in its descriptions, and with this mock as the server. */
function prepared(contract) {
  const marked = structuredClone(contract);
  marked.servers = [{ url: apiURL, description: "This mock" }];
  for (const operation of Object.values(marked.paths).flatMap(Object.values)) {
    operation.parameters = operation.parameters?.map((parameter) => structuredClone(resolve(parameter)));
    operation.parameters?.forEach((parameter) => mark(parameter, parameter["x-provenance"] ?? operation["x-provenance"]));
    Object.values(operation.responses).forEach(markResponse);
    mark(operation, operation["x-provenance"], operation["x-source"]);
  }
  Object.values(marked.components.responses).forEach(markResponse);
  Object.values(marked.components.schemas).forEach((schema) => markSchema(schema, schema["x-provenance"]));
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

  function mark(described, provenance, source = "") {
    if (provenance) described.description = `${badge(provenance)} ${source && `*${source}*\n\n`}${descriptionOf(described)}`;
  }

  function resolve(described) {
    return described.$ref ? described.$ref.slice(2).split("/").reduce((value, name) => value[name], contract) : described;
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
