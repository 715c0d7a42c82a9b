// Calls the server of the page, and lists the calls at the end of the page.

/** A refusal is an answer of the server that is no success. Its message is the server's. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Sends a GET, or a POST when there is a body, and returns the answer. */
export async function call(path, body) {
  let response;
  try {
    response = await fetch(path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    throw new Error("The server does not answer. Is make shop still running?");
  }
  list(`${body ? "POST" : "GET"} ${path}`, response.status);
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({ msg: "the answer cannot be read" }));
  if (!response.ok) throw new Refusal(response.status, answer.msg);
  return answer;
}

function list(request, status) {
  const item = document.createElement("li");
  item.textContent = `${request} → ${status}`;
  document.querySelector("#calls").append(item);
}
