const text = $("text");

function inputs() {
  const value = text.value.toWellFormed ? text.value.toWellFormed() : text.value;
  if (!$("lines").checked) return value.trim() ? [value] : [];
  return value.split("\n").map((line) => line.trim()).filter(Boolean);
}

function command() {
  const list = inputs();
  showCurl($("lines").checked && list.length > 0 ? asJson(list) : ["--data-raw " + quote(list[0] || "Your " + service.noun)]);
}

// which words carry which weight
// The text about as the model reads it, with the place each character came from.
function fold(original) {
  const places = [];
  let folded = "", at = 0;
  for (const character of original) {
    if (!/\p{Cf}/u.test(character))
      for (const unit of character.normalize("NFKC").toLowerCase()) {
        folded += unit;
        for (let i = 0; i < unit.length; i++) places.push([at, at + character.length]);
      }
    at += character.length;
  }
  return { folded, places };
}

// Share each token's contribution among the pieces of text it stands for; tokens that do not
// occur literally (the model may normalise further) are left to the table.
const PIECE = /\p{L}+|\p{N}+|\S/gu;
function weigh(original, tokens) {
  const { folded, places } = fold(original);
  const pieces = [], where = new Map();
  for (const { 0: piece, index } of folded.matchAll(PIECE)) {
    if (!where.has(piece)) where.set(piece, []);
    where.get(piece).push(pieces.length);
    pieces.push({ start: places[index][0], end: places[index + piece.length - 1][1], piece, weight: 0 });
  }
  // A run of pieces equal to the token's; single characters between may be skipped, as many
  // vectorizers drop them.
  const runFrom = (first, parts, skip) => {
    const run = [];
    for (let at = first; run.length < parts.length && at < pieces.length; at++) {
      if (pieces[at].piece === parts[run.length]) run.push(at);
      else if (!skip || pieces[at].piece.length > 1) break;
    }
    return run.length === parts.length ? [run] : [];
  };
  for (const { token, contribution } of tokens) {
    const parts = String(token).match(PIECE) || [], starts = where.get(parts[0]) || [];
    let runs = starts.flatMap((first) => runFrom(first, parts, false));
    if (!runs.length) runs = starts.flatMap((first) => runFrom(first, parts, true));
    for (const run of runs)
      for (const at of run) pieces[at].weight += contribution / runs.length / run.length;
  }
  return pieces;
}

function highlighted(original, tokens) {
  const pieces = weigh(original, tokens);
  const most = pieces.reduce((m, p) => Math.max(m, Math.abs(p.weight)), 0);
  const node = el("p", { class: "text", tabindex: "0", role: "group", "aria-label": first(service.noun) + " with the words that decided" });
  let done = 0;
  for (const { start, end, weight } of pieces) {
    if (!most || Math.abs(weight) < most * 0.1 || start < done) continue;
    const mark = el("mark", { class: side(weight), title: signed(weight) }, original.slice(start, end));
    mark.style.setProperty("--w", (0.2 + 0.8 * Math.abs(weight) / most).toFixed(2));
    node.append(original.slice(done, start), mark);
    done = end;
  }
  node.append(original.slice(done));
  return node;
}


function words(explanation, open) {
  const { label, against, prior, log_odds: total, tokens } = explanation;
  return decided({
    title: "Words that decided", what: "Word", label: label === against ? "more" : String(label), against: label === against ? "less" : String(against), open, total, format: signed,
    start: { name: "before any word", value: prior },
    rows: tokens.map((t) => ({ name: t.token, value: t.contribution, note: t.count > 1 ? " × " + t.count : "" })),
    notes: [...(tokens.length ? [] : ["The model knows none of these words: the answer is where it starts."]),
      label === against ? "The sum is what is answered." : "Above zero is " + label + ", below is " + against + ": the sum is the log-odds of the two."],
  });
}

function check() {
  return put(async () => {
    const list = inputs();
    if (!list.length) throw lacks("There is no " + service.noun + " yet", "Write or paste one, or choose an example.", text);
    const after = (answer, i, many) => {
      const explanation = (answer.explanations || [])[i];
      return [highlighted(list[i], explanation ? explanation.tokens : []), ...(explanation ? [words(explanation, !many)] : [])];
    };
    return { body: JSON.stringify(list), type: "application/json", count: list.length, after };
  });
}

function tryText(example) {
  text.value = example.text;
  $("lines" in example ? "lines" : "one").checked = true;
  command();
  check();
}

$("form").addEventListener("submit", (event) => { event.preventDefault(); check(); });
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); check(); }
});
$("form").addEventListener("input", () => { text.removeAttribute("aria-invalid"); command(); });
$("examples").addEventListener("click", (event) => {
  const example = event.target.closest("button");
  if (example) tryText(example.dataset);
});
command();
description().then(({ examples }) => {
  if ($("examples").children.length || !examples.length) return;
  $("examples").append(...examples.map(({ input }) => {
    const button = el("button", { type: "button" }, input.length > 60 ? input.slice(0, 57) + "…" : input);
    button.dataset.text = input;
    return button;
  }));
  $("tries").hidden = false;
}).catch(() => { /* the page asks without it */ });
