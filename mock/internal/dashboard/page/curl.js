/** The command that sends an exchange's request again, without its key and its secrets. */
export function curl({ method, path, requestBody }) {
  const parts = ["curl", "-u", '"$PICKET_API_KEY:"'];
  if (method !== "GET" || requestBody) parts.push("-X", quoted(method));
  if (requestBody) parts.push("-H", quoted("Content-Type: application/json"), "-d", quoted(requestBody));
  parts.push(quoted(new URL(`..${path}`, location.href).href));
  return parts.join(" ");
}

/** A text as one word of a shell. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
