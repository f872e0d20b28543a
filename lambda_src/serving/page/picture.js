const TYPES = ["image/jpeg", "image/png", "image/webp"];
const LARGEST = 4 * 1024 * 1024, SIDE = 1600;
const address = $("address"), file = $("file");
let last = null; // what was asked about, while it is no address

function written() {
  if (!address) return "";
  const value = address.value.toWellFormed ? address.value.toWellFormed().trim() : address.value.trim();
  return !value || /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : "https://" + value;
}

// The visitor has the files of this machine; what was drawn, pasted or made smaller can be downloaded.
function command() {
  if (last) showCurl(["-H 'Content-Type: " + last.type + "'", "--data-binary " + quote("@" + last.name)]);
  else if (address) showCurl(asJson({ url: written() || "https://…" }));
  else showCurl(["-H 'Content-Type: image/jpeg'", "--data-binary '@picture.jpg'"]);
  $("download").hidden = !(last && last.made);
  if (last && last.made) { $("download").href = last.src; $("download").download = last.name; }
}

// A photograph of a phone is larger than a request may be; the network looks at far less of it.
async function smaller(picture) {
  try {
    const bitmap = await createImageBitmap(picture);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = el("canvas", { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  } catch {
    throw new Refused("The file cannot be read", "It is larger than 4 MB, and this browser cannot make it smaller. Send a smaller JPEG, PNG or WebP picture.");
  }
}

const dataUrl = (blob) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.addEventListener("load", () => done(reader.result));
  reader.addEventListener("error", () => failed(new Refused("The file cannot be read", "The browser could not open it. Choose it again.")));
  reader.readAsDataURL(blob);
});

async function ofFile(blob, title, drawing) {
  if (!TYPES.includes(blob.type)) throw new Refused("This is no picture that can be read", "Choose a JPEG, PNG or WebP file.");
  if (!blob.size) throw new Refused("The file is empty", "Choose a JPEG, PNG or WebP file.");
  const body = blob.size > LARGEST ? await smaller(blob) : blob;
  const made = drawing || body !== blob || !blob.name;
  const stem = (drawing || blob.name || "picture").replace(/\.\w+$/, ""), ending = body.type.replace("image/", ".").replace("jpeg", "jpg");
  last = { type: body.type, name: made ? stem + (body === blob ? "" : "-smaller") + ending : blob.name, src: await dataUrl(body), made };
  return question({ src: last.src, caption: body === blob ? title : title + ", made smaller before it was sent" }, body, body.type);
}
function ofAddress(url) {
  last = null;
  return question({ src: url, caption: url, url }, JSON.stringify({ instances: [{ url }] }), "application/json");
}
const question = (source, body, type) => ({ body, type, count: 1, before: () => [pictured(source)] });

function pictured({ src, caption, url }) {
  const image = el("img", { alt: "The picture that was looked at", referrerpolicy: "no-referrer" });
  const words = el("figcaption", { class: "small" }, caption);
  image.addEventListener("error", () => {
    image.remove();
    words.textContent = "This browser cannot show the picture" + (url ? " from its address. The endpoint has fetched and read it." : ".");
  });
  image.src = src;
  return el("figure", { class: "seen" }, image, words);
}

const look = (prepare) => put(async () => {
  const asked = await prepare();
  command();
  return asked;
});

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const url = written();
  if (url) look(async () => ofAddress(url));
  else look(async () => { throw lacks("There is no " + service.noun + " yet", (address ? "Paste an address, choose" : "Choose") + " a file, or try an example.", address || file); });
});
if (address) address.addEventListener("input", () => { last = null; address.removeAttribute("aria-invalid"); command(); });
const choose = (blob) => look(() => ofFile(blob, blob.name || "pasted picture"));
file.addEventListener("change", () => { if (file.files.length) choose(file.files[0]); });
$("examples").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) look(async () => ofFile(await drawn(button.dataset.drawing), button.textContent + ", a drawing", button.dataset.drawing));
});
const carries = (event) => [...(event.dataTransfer || {}).types || []].includes("Files");
addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); $("drop").classList.add("over"); } });
addEventListener("dragleave", (event) => { if (!event.relatedTarget) $("drop").classList.remove("over"); });
addEventListener("drop", (event) => {
  $("drop").classList.remove("over");
  if (!carries(event)) return;
  event.preventDefault();
  if (event.dataTransfer.files.length) choose(event.dataTransfer.files[0]);
});
addEventListener("paste", (event) => {
  const given = event.clipboardData && event.clipboardData.files;
  if (given && given.length) { event.preventDefault(); choose(given[0]); }
});
command();
description().catch(() => { /* the page asks without it */ });
