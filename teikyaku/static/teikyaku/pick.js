/* Choosing people of a list: how many are chosen, and all at once. Without it each box works alone. */
(() => {
  'use strict';
  const boxes = (form) => [...form.querySelectorAll('input[name="person"][type="checkbox"]')];
  const show = (form) => {
    const all = boxes(form), chosen = all.filter((box) => box.checked).length;
    const bar = form.querySelector('[data-pick-bar]');
    const words = form.querySelector('[data-pick-words]');
    const button = form.querySelector('[data-pick-all]');
    words.dataset.none ??= words.textContent;
    button.dataset.every ??= button.textContent;
    words.textContent = chosen ? chosen + words.dataset.many : words.dataset.none;
    button.hidden = false;
    button.textContent = chosen === all.length ? button.dataset.none : button.dataset.every;
    bar.toggleAttribute('data-some', chosen > 0);
    if (chosen) form.querySelector('[data-pick-nobody]')?.remove();
    bar.querySelectorAll('[type="submit"]').forEach((each) => { each.disabled = chosen === 0; });
  };
  const showAll = () => {
    document.querySelectorAll('form[data-picks]').forEach(show);
    // Where the questions stand in one row, the one that is asked is in sight.
    document.querySelectorAll('.chips-set > .chips').forEach((row) => {
      const now = row.querySelector('[aria-current]');
      if (now) row.scrollLeft = now.offsetLeft - row.offsetLeft - 16;
    });
  };
  document.addEventListener('change', ({ target }) => {
    const form = target.closest('form[data-picks]');
    if (form) show(form);
  });
  document.addEventListener('click', ({ target }) => {
    const form = target.closest('[data-pick-all]')?.closest('form[data-picks]');
    if (!form) return;
    const all = boxes(form), isEvery = all.every((box) => box.checked);
    all.forEach((box) => { box.checked = !isEvery; });
    show(form);
  });
  // The list follows its filter; coming back, browsers tick what was ticked.
  document.addEventListener('htmx:afterSettle', showAll);
  window.addEventListener('pageshow', showAll);
  showAll();
})();
