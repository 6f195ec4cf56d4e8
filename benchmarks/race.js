// The clockwork of benchmarks/figures.py. A clock starts at the browser's own time stamp of a trusted move of the mouse
// and stops when the frame whose picture carries the new value has been painted.
() => {
  const PATIENCE = 30_000; // milliseconds until a race that hangs says so
  const painted = () => new Promise((done) => {
    const channel = new MessageChannel(); // its message comes when the frame is through
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  });
  const race = window.race = {
    output: {}, // name -> the cell's output area
    stamp: 0,
    grey(name) {
      const canvas = race.canvas ??= new OffscreenCanvas(1, 1);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const area = race.output[name];
      const source = area.querySelector('.marker, .jupyter-matplotlib-canvas-div canvas, img[src^="blob:"], img[src^="data:image/png"]');
      if (!source) return null;
      const [w, h] = source.tagName === 'IMG' ? [source.naturalWidth, source.naturalHeight] : [source.width, source.height];
      if (!w || (source.tagName === 'IMG' && !source.complete)) return null;
      context.clearRect(0, 0, 1, 1);
      context.drawImage(source, w * 0.01, h * 0.98, 1, 1, 0, 0, 1, 1);
      return Math.round(context.getImageData(0, 0, 1, 1).data[0] / GREY_STEP);
    },
    value(name) {
      const native = race.output[name].querySelector('input[type=range]');
      if (native) return Number(native.value);
      return Math.round(Number(race.output[name].querySelector('[role=slider]').getAttribute('aria-valuenow')));
    },
    lit: {
      explorer: (area, at) => area.querySelectorAll('.course-tokens')[0].children[at].classList.contains('course-on'),
      bertviz: (area, at) => area.querySelector(`#attention line[left-token-index="${at}"]`).getAttribute('visibility') === 'visible',
    },
    /** Before the mouse moves: look at every frame from here until the picture carries the value. */
    arm(shows) {
      const armed = performance.now();
      race.answer = new Promise((done, fail) => {
        const look = () => {
          if (performance.now() - armed > PATIENCE) fail(new Error(`waited in vain for ${shows}`));
          else if (race.stamp >= armed && shows()) painted().then((now) => done(now - race.stamp));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    /** Before a cell runs: from Shift+Enter, and from its first output, until the figure stands there. */
    armFirst(name, selector) {
      const start = performance.now();
      const area = race.output[name];
      const old = area.querySelector(selector);
      race.answer = new Promise((done, fail) => {
        let arrived = 0;
        const watcher = new MutationObserver((changes) => {
          if (changes.some((change) => change.addedNodes.length)) arrived ||= performance.now();
        });
        watcher.observe(area, { childList: true, subtree: true });
        const look = () => {
          const figure = area.querySelector(selector);
          if (performance.now() - start > PATIENCE) fail(new Error(`waited in vain for ${selector}`));
          else if (arrived && figure && figure !== old && figure.getBoundingClientRect().width) {
            watcher.disconnect();
            painted().then((now) => done([now - arrived, now - start]));
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    watch(name) {
      race.seen = [race.grey(name)];
      race.passed = [race.value(name)];
      race.watching = true;
      const look = () => {
        const now = race.grey(name), value = race.value(name);
        if (now !== null && now !== race.seen.at(-1)) race.seen.push(now);
        if (value !== race.passed.at(-1)) race.passed.push(value);
        if (race.watching) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
  };
  window.addEventListener('mousemove', (event) => { if (event.isTrusted) race.stamp = event.timeStamp; }, true);
}
