// The two web servers that the checks need beside the mock. Both serve the same page, with picket-js, at every path.
import http from "node:http";

const PAGE = '<!doctype html><meta charset="utf-8"><title>Test page</title><body><script src="/picket.js"></script>';

/** Serves the page, on an origin of its own. */
export function startPage(port, script) {
  return listen(port, (request, response) => servePage(request, response, script));
}

/** Serves the page, and the API of the mock under /api/ on the same origin. */
export function startProxy(port, script, apiURL) {
  return listen(port, (request, response) => {
    if (request.url.startsWith("/api/")) forward(request, response, apiURL);
    else servePage(request, response, script);
  });
}

async function listen(port, handler) {
  const server = http.createServer(handler);
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return `http://localhost:${port}`;
}

function servePage(request, response, script) {
  const isScript = request.url === "/picket.js";
  response.writeHead(200, { "Content-Type": isScript ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8" });
  response.end(isScript ? script : PAGE);
}

function forward(request, response, apiURL) {
  const { method, headers } = request;
  const onward = http.request(new URL(request.url, apiURL), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  request.pipe(onward);
}
