// drawings, on a square of 100
// Each is a colour, its outline, and the seams and folds on it.
const DRAWINGS = {
  tshirt: ["#2b6cb0", "M36 14C42 20 58 20 64 14L90 30 80 48 70 42 70 88 30 88 30 42 20 48 10 30Z", "M35 16C42 23 58 23 65 16M70 42 66 32M30 42 34 32M31 85 69 85"],
  pants: ["#2f4a7d", "M33 6 67 6 69 20 68 95 54 95 50 34 46 95 32 95 31 20Z", "M33 11 67 11M50 11 50 34M33 13C35 20 38 21 41 12M67 13C65 20 62 21 59 12M33 92 46 92M54 92 67 92"],
  dress: ["#b83280", "M39 5 42 5C44 17 56 17 58 5L61 5C61 16 66 20 66 24L61 42C66 60 76 78 80 92C60 96 40 96 20 92C24 78 34 60 39 42L34 24C34 20 39 16 39 5Z", "M39 42C46 44 54 44 61 42M44 46C42 62 36 80 33 92M50 46 50 94M56 46C58 62 64 80 67 92"],
  skirt: ["#6b3fa0", "M35 16 65 16 67 24C74 44 82 66 86 80C62 88 38 88 14 80C18 66 26 44 33 24Z", "M33 24C44 26 56 26 67 24M40 27C36 46 30 68 27 82M47 27 43 85M53 27 57 85M60 27C64 46 70 68 73 82"],
  longsleeve: ["#3f7d5c", "M37 12C43 17 57 17 63 12L80 20 94 78 83 82 71 44 71 90 29 90 29 44 17 82 6 78 20 20Z", "M36 14C43 20 57 20 64 14M71 44 68 30M29 44 32 30M30 86 70 86M8 73 18 77M92 73 82 77M40 60C45 64 55 64 60 60"],
  hat: ["#975a16", "M33 32C36 20 64 20 67 32L71 60 94 69C80 80 20 80 6 69L29 60Z", "M30 53 70 53M29 60 71 60M31 50 69 50"],
};
function drawn(kind) {
  const canvas = el("canvas", { width: 320, height: 320 }), pen = canvas.getContext("2d");
  const [colour, outline, folds] = DRAWINGS[kind];
  pen.scale(3.2, 3.2);
  pen.fillStyle = "#f4f1ea";
  pen.fillRect(0, 0, 100, 100);
  const light = pen.createLinearGradient(0, 0, 100, 30);
  [[0, "#000"], [0.45, "#fff"], [1, "#000"]].forEach(([at, shade]) => light.addColorStop(at, shade));
  const shape = new Path2D(outline);
  pen.fillStyle = colour;
  pen.fill(shape);
  pen.globalAlpha = 0.16;
  pen.fillStyle = light;
  pen.fill(shape);
  pen.globalAlpha = 0.35;
  pen.stroke(shape);
  pen.stroke(new Path2D(folds));
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
