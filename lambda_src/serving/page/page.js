const $ = (id) => document.getElementById(id);
const results = $("results"), trouble = $("trouble"), status = $("status");
const service = JSON.parse($("service").textContent);
// The API lives beside this page, under the stage's path, which may lack its trailing slash.
const base = location.origin + location.pathname.replace(/\/*$/, "/");
const endpoint = base + service.path;
const SHOWN = 10, ROWS = 200, TIMEOUT = 35000; // API Gateway gives up after 29 s
let running = null, explains = service.explains, target = {};

// Every string goes through text nodes and attributes; nothing here parses HTML.
const el = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const plural = (n, word) => n + " " + word + (n === 1 ? "" : "s");
const first = (s) => s.charAt(0).toUpperCase() + s.slice(1);
const label = (value) => first(String(value));
const minus = (s) => s.replace("-", "−");
const signed = (x) => (x < 0 ? "−" : "+") + (Math.abs(x) >= 1e6 ? Math.abs(x).toExponential(2) : Math.abs(x).toFixed(2));
const number = (x) => {
  if (typeof x !== "number") return String(x);
  const size = Math.abs(x);
  if (size && (size < 1e-4 || size >= 1e15)) return minus(x.toExponential(3));
  return minus(Number(x.toPrecision(size < 1 ? 4 : 9)).toLocaleString("en", { maximumFractionDigits: 4, useGrouping: "min2" }));
};
// The one way in which shares are written.
const percent = (p) => {
  if (typeof p !== "number") throw new TypeError("no share");
  return p > 0.9995 ? "> 99.9 %" : p < 0.0005 ? "< 0.1 %" : (100 * p).toFixed(1) + " %";
};
const percentSigned = (p) => (p < 0 ? "−" : "+") + (100 * Math.abs(p)).toFixed(1) + " %";
const side = (x) => (x < 0 ? "against" : "toward");
const quote = (s) => "'" + s.replaceAll("'", "'\\''") + "'";

class Refused extends Error {
  constructor(title, detail, note) { super(title); Object.assign(this, { title, detail, note }); }
}

// asking
async function fetched(url, options) {
  let response, body;
  try {
    response = await fetch(url, { credentials: "omit", cache: "no-store", redirect: "error", ...options });
    body = await response.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error.name === "TimeoutError") throw new Refused("No answer in time", "The endpoint did not answer within " + TIMEOUT / 1000 + " seconds. Try again.");
    throw navigator.onLine === false
      ? new Refused("You are offline", "Nothing was sent. Connect to the network and try again.")
      : new Refused("The endpoint cannot be reached", "The request was not answered. Check the connection and try again.");
  }
  let answer = null;
  try { answer = JSON.parse(body); } catch { /* a gateway may answer with something else: said below */ }
  return { response, answer };
}

async function ask(question, signal) {
  const started = performance.now();
  const { response, answer } = await fetched(endpoint + (explains ? "?explain=true" : ""), {
    method: "POST", body: question.body, signal,
    headers: { "Content-Type": question.type, "Accept": "application/json" },
  });
  if (!response.ok) {
    // Some models cannot be told in parts: they are asked again, without. Not every service says so by type.
    const type = (answer || {}).type;
    if (explains && response.status === 400 && (typeof type !== "string" || type.endsWith("/not-explained"))) {
      explains = false;
      try { return await ask(question, signal); } catch (error) { explains = typeof type !== "string"; throw error; }
    }
    throw refusal(response, answer || {});
  }
  if (!answer || !Array.isArray(answer.predictions) || answer.predictions.length !== question.count)
    throw new Refused("The answer is not what was expected", "It does not hold one prediction for each " + service.noun + ".");
  return { answer, milliseconds: performance.now() - started };
}

function refusal(response, problem) {
  const said = (value) => (typeof value === "string" && value ? value : "");
  const seconds = parseInt(response.headers.get("Retry-After"), 10);
  const detail = (said(problem.detail) || said(problem.message) || said(problem.reason) || "The endpoint gave no reason.")
    .replace(/^instances\[0\]: /, "").replaceAll("instances[0]", "the " + service.noun);
  const wait = seconds > 0 ? " Try again in " + plural(seconds, "second") + "." : "";
  const note = "Status " + response.status + (said(problem.instance) ? " · " + problem.instance : "");
  return new Refused(said(problem.title) || "The endpoint refused the request", first(detail) + wait, note);
}

// the answer
function table(caption, heads, rows, foot) {
  const box = el("table", null, ...(caption ? [el("caption", { class: "small" }, caption)] : []),
    el("thead", null, el("tr", null, ...heads)), el("tbody", null, ...rows), ...(foot ? [el("tfoot", null, foot)] : []));
  rows.slice(SHOWN).forEach((row) => { row.hidden = true; });
  return box;
}
const head = (text, attributes) => el("th", { scope: "col", ...attributes }, text);

function more(rows, focus) {
  if (rows.length <= SHOWN) return [];
  const button = el("button", { type: "button" }, "Show " + (rows.length - SHOWN) + " more");
  button.addEventListener("click", () => {
    rows.forEach((row) => { row.hidden = false; });
    button.remove();
    focus().focus();
  });
  return [button];
}

function push(value, most, words) {
  const fill = el("i", { class: side(value) });
  fill.style.width = 50 * Math.abs(value) / most + "%";
  return [el("div", { class: "push", "aria-hidden": "true" }, fill), ...(words ? [el("span", { class: "sr" }, words)] : [])];
}

// A bar for each label, the likeliest first: of its probability, or else of its score.
function bars(prediction, probabilities, scores) {
  const by = probabilities || scores;
  const labels = Object.keys(by).sort((a, b) => (scores || by)[b] - (scores || by)[a]);
  const most = scores && !probabilities ? labels.reduce((m, l) => Math.max(m, Math.abs(scores[l])), 0) || 1 : 1;
  const rows = labels.map((name) => {
    let bar;
    if (probabilities) {
      const fill = el("i");
      fill.style.width = 100 * probabilities[name] + "%";
      bar = [el("div", { class: "bar" }, fill)];
    } else bar = push(scores[name], most);
    return el("tr", name === String(prediction) ? { class: "first" } : null, el("th", { scope: "row" }, name),
      el("td", { class: "wide", "aria-hidden": "true" }, ...bar),
      ...(probabilities ? [el("td", { class: "n" }, percent(probabilities[name]))] : []),
      ...(scores ? [el("td", { class: "n" }, signed(scores[name]))] : []));
  });
  const box = table("All " + service.label + "s, the likeliest first", [head(first(service.label)), el("td", { class: "wide", "aria-hidden": "true" }),
    ...(probabilities ? [head("Probability", { class: "n" })] : []), ...(scores ? [head("Score", { class: "n" })] : [])], rows);
  box.className = "bars";
  const summary = () => { box.setAttribute("tabindex", "-1"); return box; };
  return [box, ...more(rows, summary)];
}

// What decided: what the answer starts from, what each part adds, and their sum.
function decided({ title, what, label, against, rows, start, total, format, notes, open }) {
  const shown = rows.slice(0, ROWS);
  const most = shown.reduce((m, r) => Math.max(m, Math.abs(r.value)), Math.abs(start ? start.value : 0)) || 1;
  const row = ({ name, value, note }) => el("tr", null, el("th", { scope: "row" }, name, note ? el("span", { class: "small" }, note) : ""),
    el("td", null, ...push(value, most, "towards " + (value < 0 ? against : label))),
    el("td", { class: "n" }, format(value)));
  const lines = shown.map(row);
  const middle = head("← " + against + " · " + label + " →");
  middle.style.textAlign = "center";
  const heads = [head(what), middle, head("Weight", { class: "n" })];
  const foot = total === undefined ? null
    : el("tr", null, el("th", { scope: "row" }, "Sum"), el("td", { class: "small" }), el("td", { class: "n" }, format(total)));
  const made = table("", heads, lines, foot);
  if (start) made.tBodies[0].prepend(row(start));
  const box = el("details", { class: "decided" }, el("summary", null, title), made, ...more(lines, () => box.querySelector("summary")));
  box.open = open;
  box.append(...notes.map((words) => el("p", { class: "small" }, words)));
  return box;
}

function values(answer, i) {
  const prediction = answer.predictions[i];
  if (Array.isArray(prediction))
    return [el("table", null, el("caption", { class: "small" }, "All outputs, in the model’s order"),
      el("thead", null, el("tr", null, head("Output"), head("Value", { class: "n" }))),
      el("tbody", null, ...prediction.map((x, at) => el("tr", null, el("th", { scope: "row" }, String(at + 1)), el("td", { class: "n" }, number(x))))))];
  const probabilities = answer.probabilities && answer.probabilities[i], scores = answer.scores && answer.scores[i];
  if ("probabilities" in answer && !probabilities) throw new TypeError("no probabilities");
  return probabilities || scores ? bars(prediction, probabilities, scores) : [];
}

const spoken = (prediction) => Array.isArray(prediction) ? plural(prediction.length, "number")
  : typeof prediction === "number" && !service.classes ? number(prediction) + (target.unit ? " " + target.unit : "") : label(prediction);
const sure = (answer, i) => "probabilities" in answer ? percent(answer.probabilities[i][answer.predictions[i]]) + " sure" : "";

function show(question, { answer, milliseconds }) {
  service.classes = "probabilities" in answer || "scores" in answer || service.classes;
  const counts = new Map();
  for (const p of answer.predictions) counts.set(p, (counts.get(p) || 0) + 1);
  const many = question.count > 1;
  const words = (i) => [spoken(answer.predictions[i]), sure(answer, i)].filter(Boolean).join(", ");
  const summary = !many ? words(0) : plural(question.count, service.noun) +
    (service.classes ? ": " + [...counts].map(([one, n]) => n + " " + one).join(", ") : "");
  const model = answer.model || {};
  const ms = Math.max(1, Math.round(milliseconds));
  const fact = (what, value) => el("span", null, what, el("b", null, value));
  const card = (_, i) => el("li", { class: "card" },
    el("h3", { class: "verdict" }, el("b", null, spoken(answer.predictions[i])),
      el("span", null, [many ? first(service.noun) + " " + (i + 1) : "", sure(answer, i) || target.name].filter(Boolean).join(" · "))),
    ...(question.before ? question.before(i) : []), ...values(answer, i), ...(question.after ? question.after(answer, i, many) : []));
  results.replaceChildren(
    el("p", { class: "facts small" }, ...(many ? [el("span", null, el("b", null, summary))] : []),
      fact("model ", model.name + " " + model.version), fact("answered in ", ms + " ms")),
    el("ol", { class: many ? "list many" : "list" }, ...answer.predictions.map(card)));
  status.textContent = summary + ". Answered in " + ms + " milliseconds.";
  results.dataset.milliseconds = ms;
}

function complain(error) {
  results.replaceChildren();
  status.textContent = "";
  trouble.replaceChildren(el("div", { class: "card trouble" }, el("h3", null, error.title), el("p", null, error.detail),
    ...(error.note ? [el("p", { class: "small" }, error.note)] : [])));
}

// One question at a time: a newer one takes over.
async function put(prepare) {
  if (running) running.abort();
  trouble.replaceChildren();
  for (const control of document.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const mine = running = new AbortController();
  results.setAttribute("aria-busy", "true");
  status.textContent = "Asking.";
  let question = null;
  try {
    question = await prepare();
    if (mine !== running) return;
    const given = await ask(question, AbortSignal.any([mine.signal, AbortSignal.timeout(TIMEOUT)]));
    if (mine === running) show(question, given);
  } catch (error) {
    if (mine !== running) return;
    complain(error instanceof Refused ? error : new Refused("The answer cannot be shown", "It has a form this page does not know."));
    if (question && question.blame) error.control = question.blame(error);
    if (error.control) {
      error.control.setAttribute("aria-invalid", "true");
      if (error.focus) error.control.focus();
    }
  } finally {
    if (mine === running) { running = null; results.removeAttribute("aria-busy"); reveal(); }
  }
}

// There is nothing to ask about: said at the control that lacks it, which gets the focus.
const lacks = (title, detail, control) => Object.assign(new Refused(title, detail), { control, focus: true });

// On a phone the answer lies below the fold; below a long form it may lie above.
function reveal() {
  if (document.activeElement && document.activeElement.getAttribute("aria-invalid")) return;
  const box = $("said").getBoundingClientRect();
  if (box.top > innerHeight / 2 || box.top < 0)
    $("said").scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

// the command
function showCurl(words) {
  $("curl").textContent = "curl " + [quote(endpoint), ...words].join(" \\\n  ");
  $("copied").textContent = "";
}
const asJson = (value) => ["-H 'Content-Type: application/json'", "--data-raw " + quote(JSON.stringify(value))];

async function copy() {
  let done = true;
  try { await navigator.clipboard.writeText($("curl").textContent); } catch { done = false; }
  if (!done) getSelection().selectAllChildren($("curl"));
  $("copied").textContent = done ? "Copied." : "The command is selected: copy it with the keyboard.";
}

// what the model says of itself
async function description() {
  const { response, answer } = await fetched(endpoint, { headers: { "Accept": "application/json" }, signal: AbortSignal.timeout(TIMEOUT) });
  if (!response.ok) throw refusal(response, answer || {});
  if (!answer || typeof answer.model !== "object") throw new Refused("The answer is not what was expected", "It does not describe the model.");
  service.classes = Array.isArray(answer.labels) && answer.labels.length > 0;
  target = answer.target || {};
  $("model").append(facts({ ...answer.model, ...Object.fromEntries(["runtime", "recipe", "trained_with", "data", "metrics"]
    .filter((name) => answer[name] !== null && answer[name] !== undefined).map((name) => [name, answer[name]])) }));
  $("model").hidden = false;
  return answer;
}

function facts(members) {
  return el("dl", null, ...Object.entries(members).map(([name, value]) => {
    const shown = fact(value);
    return el("div", { class: typeof shown === "string" ? "pair" : "group" }, el("dt", null, first(name.replaceAll("_", " "))), el("dd", null, shown));
  }));
}

function fact(value) {
  if (value === null || typeof value !== "object") return typeof value === "number" ? number(value) : String(value);
  if (Object.keys(value).sort().join() === "mean,sd") return number(value.mean) + " ± " + number(value.sd);
  if (!Array.isArray(value)) return facts(value);
  return value.map((one) => (one && typeof one === "object" ? JSON.stringify(one) : fact(one))).join(", ");
}

$("copy").addEventListener("click", copy);
for (const link of document.querySelectorAll("[data-link]")) link.href = base + link.getAttribute("href");
for (const control of document.querySelectorAll("button, input")) control.disabled = false;
