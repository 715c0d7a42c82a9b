// Logs the user in by redirect (OAuth 2.0 with PKCE), and asks whether the user may enter the club. Calls go to the API of another
// origin, which allows that (CORS), with the publishable key.
const { baseURL, publishableKey } = await (await fetch("config.json")).json();
const redirectURI = location.origin + "/"; // must be one of those that the project allows
const contractAddress = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";

const show = (text) => { document.querySelector("#status").textContent = text; };
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function call(path, body, headers) {
  const response = await fetch(baseURL + path, { method: body ? "POST" : "GET", body, headers });
  const answer = await response.json();
  // The API's own errors have a msg, and those of its OAuth endpoints an error_description.
  if (!response.ok) throw Object.assign(new Error(answer.msg ?? answer.error_description), { status: response.status });
  return answer;
}

/** Leaves for the login page. What must be known when the browser comes back is kept for this tab only. */
async function logIn() {
  const state = random(), verifier = random();
  sessionStorage.setItem("login", JSON.stringify({ state, verifier }));
  const challenge = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  location.assign(baseURL + "/oauth2/authorize?" + new URLSearchParams({
    client_id: publishableKey, redirect_uri: redirectURI, response_type: "code", state, chain: "ethereum",
    code_challenge: base64url(challenge), code_challenge_method: "S256",
  }));
}

/** Ends the login that this tab began, when the address has its answer, and returns the access token. */
async function comeBack() {
  const query = new URLSearchParams(location.search);
  const pending = JSON.parse(sessionStorage.getItem("login"));
  sessionStorage.removeItem("login"); // a login is tried once
  history.replaceState(null, "", "/"); // the code does not stay in the address
  if (!query.has("state")) return undefined;
  if (query.get("state") !== pending?.state) throw new Error("this login did not begin here; log in again");
  if (query.has("error")) throw new Error(query.get("error_description") ?? query.get("error"));
  const { access_token } = await call("/oauth2/token", new URLSearchParams({
    grant_type: "authorization_code", client_id: publishableKey, redirect_uri: redirectURI,
    code: query.get("code"), code_verifier: pending.verifier,
  }));
  return access_token;
}

/** Asks the API. The answer decides only what this page shows: what must be protected needs a server that asks. */
async function enterClub(accessToken) {
  const requirements = { contractAddress, minTokenBalance: "3" };
  const headers = { "Content-Type": "application/json", Authorization: "Basic " + btoa(publishableKey + ":") };
  const { user } = await call("/authz", JSON.stringify({ accessToken, requirements, revalidate: true }), headers);
  return `Welcome to the club, ${user.displayAddress}.`;
}

const failed = (error) => show(error.status === 403 ? "You need three tokens: " + error.message : "That did not work: " + error.message);

document.querySelector("#login").onclick = () => logIn().catch(failed);
try {
  const accessToken = await comeBack();
  if (accessToken) {
    const user = await call("/oauth2/userinfo", undefined, { Authorization: "Bearer " + accessToken });
    show("You are logged in as " + user.displayAddress + ".");
    const club = document.querySelector("#club");
    club.hidden = false;
    club.onclick = () => enterClub(accessToken).then(show, failed);
  }
} catch (error) {
  failed(error);
}
