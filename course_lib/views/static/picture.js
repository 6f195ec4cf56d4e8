// @ts-check
// A PNG that Python drew, with its sentence under it.

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const image = /** @type {HTMLImageElement} */ (make("img", { class: model.get("true_colours") ? "course-paper" : "course-ink" }));
  const caption = make("figcaption", { class: "course-sentence", "aria-live": "polite" });
  const root = make("figure", { class: "course-figure course-picture" }, image, caption);
  /** @type {string[]} */
  const urls = [];

  const draw = () => {
    const url = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    urls.push(url);
    image.src = url; // the browser keeps the picture before until this one is decoded: no flicker
  };
  const say = () => {
    const sentence = model.get("alt");
    image.alt = sentence;
    if (caption.textContent !== sentence) caption.textContent = sentence;
  };
  const size = () => {
    image.width = model.get("width");
    image.height = model.get("height");
  };
  // A fine screen, or a zoomed page, asks for a finer picture. Only upwards: two views share one picture.
  const refine = () => {
    const ratio = Math.min(2, Math.max(1, window.devicePixelRatio || 1));
    if (ratio <= model.get("ratio")) return;
    model.set("ratio", ratio);
    model.save_changes();
  };
  const release = () => {
    while (urls.length > 1) URL.revokeObjectURL(/** @type {string} */ (urls.shift()));
  };
  image.addEventListener("load", release);
  window.addEventListener("resize", refine);
  size();
  say();
  draw();
  refine();
  return mount(
    el, root,
    follow(model, ["png"], draw), follow(model, ["alt"], say), follow(model, ["width", "height"], size),
    () => window.removeEventListener("resize", refine),
    () => urls.forEach((url) => URL.revokeObjectURL(url)),
  );
}

export default { render };
