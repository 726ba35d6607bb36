/* A long job goes on by itself while its page is open. Without it the button does the same. */
(() => {
  'use strict';
  const form = document.querySelector('form[data-go-on]');
  if (form) window.setTimeout(() => form.requestSubmit(), 300);
})();
