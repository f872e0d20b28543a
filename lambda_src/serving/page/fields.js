let fields = [];

const titleOf = (field) => first((field.column || field.name).replaceAll("_", " "));
const optional = (field) => field.nullable || !field.required;

function rangeOf(field) {
  if (field.type !== "number" && field.type !== "integer") return field.unit || "";
  const range = number(field.minimum) + " to " + number(field.maximum) + (field.unit ? " " + field.unit : "");
  return field.outside === "answer" ? "seen in training: " + range : range;
}

function control(field, id) {
  const described = { id, name: field.name, "aria-describedby": id + "-hint" };
  const choices = field.type === "boolean" ? ["true", "false"] : field.levels || [];
  if (field.type === "boolean" && !optional(field)) return el("input", { ...described, type: "checkbox", role: "switch" });
  if (field.type === "boolean" || (field.type === "category" && choices.length && choices.length <= 60)) {
    const empty = optional(field) ? [el("option", { value: "" }, "not known")] : [];
    return el("select", described, ...empty, ...choices.map((level) => el("option", { value: level }, level)));
  }
  if (field.type === "category")
    return el("input", { ...described, type: "text", list: id + "-levels", spellcheck: "false" });
  if (field.type === "text") return el("textarea", { ...described, spellcheck: "false" });
  const step = field.type === "integer" ? "1" : "any";
  return el("input", { ...described, type: "number", step, inputmode: field.type === "integer" ? "numeric" : "decimal" });
}

function row(field, at) {
  const id = "field-" + at, input = field.input = control(field, id);
  const hints = [(field.description || "").replace(/\.$/, ""), rangeOf(field), optional(field) ? "may be left empty" : ""].filter(Boolean);
  const isSwitch = input.getAttribute("role") === "switch";
  const state = isSwitch ? el("span", { class: "small", "aria-hidden": "true" }, "false") : null;
  field.shown = () => { if (state) state.textContent = String(input.checked); };
  return el("div", { class: "field" }, el("label", { for: id }, titleOf(field)),
    ...(isSwitch ? [el("div", { class: "switch" }, input, state)] : [input]),
    ...(input.hasAttribute("list") ? [el("datalist", { id: id + "-levels" }, ...(field.levels || []).map((level) => el("option", { value: level })))] : []),
    el("p", { class: "small", id: id + "-hint" }, first(hints.join("; "))));
}

function fill(record) {
  for (const field of fields) {
    const value = record[field.name];
    if (field.input.type === "checkbox") field.input.checked = value === true;
    else field.input.value = value === null || value === undefined ? "" : String(value);
    field.input.removeAttribute("aria-invalid");
    field.shown();
  }
  command();
}

// The record as the form has it; what is left empty where it may be is not known.
function record(complete) {
  const made = {};
  for (const field of fields) {
    const { input } = field;
    if (input.type === "checkbox") { made[field.name] = input.checked; continue; }
    const value = input.value.toWellFormed ? input.value.toWellFormed() : input.value;
    if (complete && input.validity.badInput)
      throw lacks(titleOf(field) + " is not a number", "Write a number, with a point before its decimals.", input);
    if (value === "" && (field.type !== "text" || optional(field))) {
      if (field.nullable) made[field.name] = null;
      else if (field.required && complete) throw lacks(titleOf(field) + " is not filled in", "Fill in every field that may not be left empty, or choose an example.", input);
      continue;
    }
    made[field.name] = field.type === "number" || field.type === "integer" ? Number(value) : field.type === "boolean" ? value === "true" : value;
  }
  return made;
}

const command = () => showCurl(asJson(record(false)));

function notes(answer) {
  const named = (name) => (answer[name] || []).map((place) => {
    const field = fields.find((one) => one.name === place.field);
    return field ? { title: titleOf(field), range: rangeOf(field) } : { title: String(place.field), range: "" };
  });
  return [
    ...named("unseen_levels").map(({ title }) => title + ": training has not seen this value. It is answered as an unknown one; look whether it is misspelt."),
    ...named("outside_training_range").map(({ title, range }) => title + ": outside of the range that training has seen" + (range ? " (" + range.replace("seen in training: ", "") + ")" : "") + ". It is answered, but the model has learnt nothing there."),
  ].map((words) => el("p", { class: "note" }, words));
}

function reasons(explanation, sent) {
  const effects = explanation.unit === undefined, number_ = explanation.unit === "value";
  const shares = effects || explanation.unit === "probability";
  const toward = number_ ? "more" : String(explanation.label), against = number_ ? "less" : effects || explanation.unit === "probability" ? "others" : String(explanation.against);
  const rows = explanation.fields.map((part) => {
    const field = fields.find((one) => one.name === part.field), value = sent[part.field];
    return { name: field ? titleOf(field) : part.field, value: effects ? part.effect : part.contribution, note: " " + (value === null || value === undefined ? "not known" : number(value)) };
  }).filter((one) => !effects || Math.abs(one.value) >= 0.0005);
  return decided({
    title: "What decided", what: "Field", label: toward, against, rows, open: true,
    format: shares ? percentSigned : signed,
    start: effects ? null : { name: "before any field", value: explanation.base },
    total: effects ? undefined : explanation.score,
    notes: [effects ? "How far the probability of " + toward + " is from what it would be with a typical value in that one field. Fields act together, so these do not add up."
      : number_ ? "The sum is the number that is answered."
      : shares ? "The sum is the probability of " + toward + "."
      : "Above zero is " + toward + ", below is " + against + ": the sum is the " + (explanation.unit === "decision" ? "difference of their scores." : "log-odds of the two.")],
  });
}

function predict() {
  return put(async () => {
    if (!fields.length) throw new Refused("The fields are not known yet", "The endpoint has not said which there are. Reload the page to ask it again.");
    const sent = record(true);
    const after = (answer, i) => [...notes(answer), ...((answer.explanations || [])[i] ? [reasons(answer.explanations[i], sent)] : [])];
    const blame = (error) => {
      const at = fields.find(({ name }) => new RegExp("(value of|field) " + name.replace(/[^\w ]/g, ".") + "(?!\\w)").test(String(error.detail)));
      return at && at.input;
    };
    return { body: JSON.stringify({ instances: [sent] }), type: "application/json", count: 1, after, blame };
  });
}

function build(described) {
  fields = described.fields;
  $("fields").replaceChildren(...fields.map(row));
  const typical = Object.fromEntries(fields.map((field) => [field.name, field.typical]));
  const known = described.examples.map(({ input, prediction }, at) => ({ name: typeof prediction === "string" ? first(prediction) : "Example " + (at + 1), input }));
  const whole = fields.every((field) => field.typical !== undefined && field.typical !== null);
  const examples = [...(whole ? [{ name: "Typical values", input: typical }] : []), ...known];
  $("examples").replaceChildren(...examples.map(({ name, input }) => {
    const button = el("button", { type: "button" }, name);
    button.addEventListener("click", () => { fill(input); predict(); });
    return button;
  }));
  $("tries").hidden = !examples.length;
  if (examples.length) fill(examples[0].input); else command();
}

function load() {
  $("go").disabled = true;
  description().then((described) => { build(described); $("go").disabled = false; }).catch((error) => {
    const again = el("button", { type: "button" }, "Ask for the fields again");
    again.addEventListener("click", () => { trouble.replaceChildren(); load(); });
    $("fields").replaceChildren(again);
    complain(error instanceof Refused ? error : new Refused("The form cannot be made", "The description of the model has a form this page does not know."));
  });
}

$("form").addEventListener("submit", (event) => { event.preventDefault(); predict(); });
$("form").addEventListener("input", (event) => {
  event.target.removeAttribute("aria-invalid");
  fields.forEach((field) => field.shown());
  command();
});
showCurl([]);
load();
