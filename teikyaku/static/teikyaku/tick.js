/* Ticking all boxes of a group, or none. Without it the links load the page anew that way. */
(() => {
  'use strict';
  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-tick]');
    const group = link?.closest('fieldset');
    if (!group) return;
    // What was typed stays: the page is not left.
    event.preventDefault();
    group.querySelectorAll('input[type="checkbox"]').forEach((box) => {
      box.checked = link.dataset.tick === 'all';
    });
  });
})();
