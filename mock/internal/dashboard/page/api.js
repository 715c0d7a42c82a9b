// Calls the operations that control the mock. There is nothing that this page can do and a program cannot.

let key = ""; // of the chosen project; none is the default project

export function use(project) {
  key = project.secretKey;
}

function headers(given = {}) {
  return key ? { Authorization: `Basic ${btoa(`${key}:`)}`, ...given } : given;
}

/** Sends a request to an operation below /_mock/, and returns its answer. */
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: headers({ Accept: "application/json", ...(body !== undefined && { "Content-Type": "application/json" }) }),
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text === "" ? undefined : JSON.parse(text);
  if (!response.ok) throw new Error(answer?.msg ?? `${method} ${path} was answered with ${response.status}`);
  return answer;
}

/** Sends a request to the API itself, and returns its status and the text of its body. */
export async function callAPI(method, path, given, body) {
  const response = await fetch(`..${path}`, { method, headers: headers(given), body });
  return { status: response.status, text: await response.text() };
}

/** Follows the journal until it is told to stop: calls onExchange with each exchange, and onReset when the journal was cleared. */
export async function follow(signal, { onExchange, onReset, onState }) {
  let last = 0;
  while (!signal.aborted) {
    try {
      const response = await fetch("journal/events", { headers: headers(last ? { "Last-Event-ID": String(last) } : {}), signal });
      if (!response.ok) throw new Error((await response.json()).msg);
      onState(true);
      for await (const { name, data } of events(response.body)) {
        if (name === "reset") {
          last = 0;
          onReset();
        } else {
          const exchange = JSON.parse(data);
          last = exchange.number;
          onExchange(exchange);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      onState(false, error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The server-sent events of a body. */
async function* events(body) {
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const fields = text.slice(0, end).split("\n").map((line) => /^(\w*):? ?(.*)$/.exec(line) ?? []);
      text = text.slice(end + 2);
      const value = (name) => fields.filter(([, field]) => field === name).map(([, , rest]) => rest).join("\n");
      if (fields.some(([, name]) => name === "data")) yield { name: value("event"), data: value("data") };
    }
  }
}
