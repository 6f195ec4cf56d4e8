// @ts-check
// A few options side by side: a radio group that looks like a row of buttons. The arrow keys are the browser's own.

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const root = make("fieldset", { class: "course-figure course-choice" });
  const group = fresh("course-choice");

  const sync = () => {
    /** @type {any[]} */
    const options = model.get("options");
    const chosen = options.indexOf(model.get("value"));
    const radios = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll("input")]);
    radios.forEach((radio, index) => { radio.checked = index === chosen; });
  };
  const rebuild = () => {
    /** @type {any[]} */
    const options = model.get("options");
    const texts = model.get("texts");
    const rows = options.map((option, index) => {
      const radio = make("input", { type: "radio", name: group, value: index });
      radio.addEventListener("change", () => {
        model.set("value", option);
        model.save_changes();
      });
      return make("label", { class: "course-option" }, radio, make("span", {}, texts.length ? texts[index] : String(option)));
    });
    root.replaceChildren(make("legend", { class: "course-name" }, model.get("label")), ...rows);
    sync();
  };
  rebuild();
  return mount(el, root, follow(model, ["label", "options", "texts"], rebuild), follow(model, ["value"], sync));
}

export default { render };
